// Package ir is the plan that the compiler makes and codegen turns into a
// bundle: plain data, with no HCL in it and nothing left to evaluate.
//
// What differs between hosts is only ever a Value of kind HostVar or
// HostPayload; all else is the same for every host of a variant.
package ir
