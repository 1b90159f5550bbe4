package diag

// The kinds that the runner reports: what went wrong on a host, or kept it from
// being finished.
var (
	StepFailed = &Kind{ID: "step-failed", Summary: "step failed", Doc: `A resource of a step failed on a host. The place shown is the line of the definition or module that the resource comes from; the label names the host, the step, the resource and what the host said. The host's log has all that the step printed.

Other hosts go on, unless they need this step. Mend the cause and run again: what is done is found done, and the run goes on where this one ended.

    sprayc run --only worker3                                  # that host
    sprayc run --only worker3 --steps containerd/install       # that step`}

	VerifyFailed = &Kind{ID: "verify-failed", Summary: "verification failed", Doc: `All resources of a step are as they should be, but its verify block found that what they make does not work. The place shown is the verify block; the label has what its script said.

A verify runs also when nothing has changed, so this may be older than the run that shows it. The verify blocks alone run with

    sprayc verify --only worker3`}

	HostFailed = &Kind{ID: "host-failed", Summary: "host failed", Doc: `The work on a host could not be started or followed: the bundle did not arrive, run.sh refused to run, the user may not become root, or what the host reports cannot be: it is about another run, host or bundle than was asked for, ends well without all steps, or does not end. The label has what the host said. No step is known to have failed.

    sudo: a password is required                          # give it when asked, or let the user become root without
    no space left on device                               # make room below /var/lib/sprayc
    this machine runs debian 12; the bundle's host worker3 is debian 13    # os = "debian-12" in the definition`}

	HostBlocked = &Kind{ID: "host-blocked", Summary: "host waits for another that failed", Doc: `A step needs a step of other hosts, and these failed, were skipped or were stopped. Nothing is wrong with the host itself. Mend the others and run again.

A host that is switched off on purpose is declared, so that nothing waits for it:

    host "worker07" { state = "maintenance" }`}

	HostUnreachable = &Kind{ID: "host-unreachable", Summary: "host cannot be reached", Severity: Warning, Doc: `No SSH connection to the host could be made: it does not answer, its host key is not the one known, or it does not let us in. It is skipped, and all hosts that do not depend on it are finished; the exit status is then 4.

The connection is made as ssh would make it, with ~/.ssh/config, the agent and known_hosts. So this tells more:

    ssh -v worker07

An unknown or changed host key is never accepted silently. A machine that is gone, or away for a time, is declared:

    host "worker07" { state = "absent" }`}

	LinkLost = &Kind{ID: "link-lost", Summary: "lost the link to a host at work", Doc: `The connection to a host went away while it worked, and did not come back in time, or the runner was told to leave. The work goes on by itself: it hangs on no connection. Run again to attach to it or to see how it ended:

    sprayc run --only worker3

or look on the host, where DIGEST is the newest folder there:

    sudo sh /var/lib/sprayc/bundles/DIGEST/run.sh status`}

	HostBusy = &Kind{ID: "host-busy", Summary: "another run is at work on the host", Doc: `A host does one run at a time, and the lock is held by a run that is alive: another person's, another runner's, or your own that went on after its link was lost. Wait for it to end, or have it stop after the act under way; the label names the run. On the host:

    sudo sh /var/lib/sprayc/bundles/DIGEST/run.sh follow RUN     # what it does
    sudo sh /var/lib/sprayc/bundles/DIGEST/run.sh stop RUN`}

	BudgetExhausted = &Kind{ID: "budget-exhausted", Summary: "no more hosts of the role may be down", Doc: `The step would restart something that serves, and as many hosts of the role are down already as its budget allows: unreachable, failed after they were taken down, in maintenance, or with a reaction of an earlier run still pending. The label names them. Bring them back and run again; they are finished first.

    role "worker" { max_unavailable = "10%" }     # of all workers, rounded down, at least one`}

	CannotDecide = &Kind{ID: "cannot-decide", Summary: "cannot decide who founds the cluster", Doc: `A step is done once per cluster, such as kubeadm init. It is done only when every host of its role has said that it has not been done there; one of them does not answer, and it might have done it. A second cluster is worse than waiting.

Bring the host back and run again. If the machine is gone for good, declare it:

    host "cp1" { state = "absent" }`}

	AbsentAnswers = &Kind{ID: "absent-answers", Summary: "host declared absent is there", Doc: `A step is done once per cluster, such as kubeadm init, and every host that was asked says that it has not been done. A host of the same role is declared absent, so it is not asked; but it answers to SSH, or refuses, or the cluster's control_plane_endpoint answers. The cluster may be there: founding another would make two.

    host "cp1" { state = "absent" }     # the machine runs

Switch the machine off, or take the declaration away so that it is asked like the others. That a machine does not answer is found from where sprayc runs.`}

	TwoFounders = &Kind{ID: "two-founders", Summary: "begun on more than one host", Doc: `A step that is done once per cluster was begun on two hosts and finished on none. Which of them is right cannot be told from outside: look at both, undo on one of them what the step has begun, remove its claim there, and run again.

    sudo ls /var/lib/sprayc/claims        # on each: which steps were begun there
    sudo rm /var/lib/sprayc/claims/NAME   # on the one that was reset`}

	HostGone = &Kind{ID: "host-gone", Summary: "a host of the cluster is gone from the definition", Doc: `The cluster has a node that sprayc made, on a host that the definition does not have. To take a host's block away takes no host away: its node stays, with its pods and, of a control plane, its member of etcd, and nobody looks after it any more. So nothing is changed, on no host. The label names the hosts.

Write the block again and declare the host absent, with a reason; a host of a range gets a block of its own for that:

    host "worker20" {
      state  = "absent"
      reason = "sold"
    }

Then it leaves, whether it answers or not:

    sprayc build --operation remove -o out-remove/
    sprayc remove out-remove/

When it has left, its block may go. The names are asked of the first control plane that can be reached; when none is there to answer, a run goes on without. Nodes that others have brought in do not count.`}

	OtherCluster = &Kind{ID: "other-cluster", Summary: "the cluster is not as the definition needs it", Doc: `A module has asked the cluster, and it is one that a run would not change to what the definition says, but break or found a second time: such as one whose etcd is on its control planes, where the definition has it on hosts of its own. So nothing is changed, on no host. The label says what is there, the fix which operation leads from there to here.

    etcd "hosts" {}      # the cluster was founded with etcd "stacked" {}

    sprayc run                                              # wrong
    sprayc build --operation migrate -o out-migrate/        # right
    sprayc migrate out-migrate/

It is asked of the first control plane that can be reached; when none is there to answer, a run goes on without.`}

	NoLiveValue = &Kind{ID: "no-live-value", Summary: "no live value", Doc: `A step needs a value that is made while running, an output of another step or a secret, and it could not be made, did not match its pattern, or was not accepted by the host. The label has the reason; the value itself is never shown.

    password = secret("env:REGISTRY_PASSWORD")     # the definition

    sprayc run                                     # wrong: the variable is not set
    REGISTRY_PASSWORD=... sprayc run               # right`}

	NotDoneBefore = &Kind{ID: "not-done-before", Summary: "an earlier step is not done", Doc: `Only some steps were asked for (--steps), and one that comes before them is not done on the host. Run without --steps, or name the earlier step too.

    sprayc run --steps containerd/daemon                        # wrong on a host without containerd
    sprayc run --steps containerd/programs,containerd/daemon    # right`}
)

var runnerKinds = []*Kind{StepFailed, VerifyFailed, HostFailed, HostBlocked, HostUnreachable, LinkLost, HostBusy,
	BudgetExhausted, CannotDecide, AbsentAnswers, TwoFounders, HostGone, OtherCluster, NoLiveValue, NotDoneBefore}
