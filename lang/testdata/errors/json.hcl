# ERROR@+1: syntax error
{
  "cluster": { "prod": {} }
}
