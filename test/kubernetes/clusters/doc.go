// Package clusters makes real Kubernetes clusters from bare hosts and looks at what runs.
package clusters
