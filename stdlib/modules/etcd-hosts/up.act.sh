# UNIT  of systemd
# DATA, BEGUN  as the probe reads them

systemctl start "$UNIT" || note "$UNIT does not start yet; look at: journalctl -u $UNIT"
