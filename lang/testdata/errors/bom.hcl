cluster "prod" {} # ERROR: not a text file
