package lang

import (
	"fmt"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

func cidrFunctions() map[string]function.Function {
	return map[string]function.Function{
		"cidrcontains": cidrContainsFunc,
		"cidrhost":     cidrHostFunc,
		"cidrnetmask":  cidrNetmaskFunc,
		"cidrsubnet":   cidrSubnetFunc,
		"cidrsubnets":  cidrSubnetsFunc,
	}
}

var prefixParam = function.Parameter{Name: "prefix", Type: cty.String}

// cidrHostFunc is an address by its number in a prefix; a negative number counts
// from the end.
var cidrHostFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam, {Name: "number", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := prefixArg(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		n, err := wholeArg(args, 1)
		if err != nil {
			return cty.NilVal, err
		}
		room := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
		if n.Sign() < 0 {
			n.Add(n, room)
		}
		if n.Sign() < 0 || n.Cmp(room) >= 0 {
			return cty.NilVal, function.NewArgErrorf(1, "%s has %s addresses, 0 to %s", p, room, new(big.Int).Sub(room, big.NewInt(1)))
		}
		return cty.StringVal(plus(p.Addr(), n).String()), nil
	},
})

var cidrNetmaskFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := prefixArg(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		if !p.Addr().Is4() {
			return cty.NilVal, function.NewArgErrorf(0, "only an IPv4 prefix has a netmask")
		}
		ones := ^uint32(0)
		if p.Bits() == 0 {
			ones = 0
		}
		m := ones << uint(32-p.Bits())
		return cty.StringVal(fmt.Sprintf("%d.%d.%d.%d", m>>24, m>>16&255, m>>8&255, m&255)), nil
	},
})

// cidrSubnetFunc is a part of a prefix: so many bits longer, so many from its
// start.
var cidrSubnetFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam, {Name: "newbits", Type: cty.Number}, {Name: "number", Type: cty.Number}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := prefixArg(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		bits, err := longer(p, args, 1)
		if err != nil {
			return cty.NilVal, err
		}
		n, err := wholeArg(args, 2)
		if err != nil {
			return cty.NilVal, err
		}
		room := new(big.Int).Lsh(big.NewInt(1), uint(bits-p.Bits()))
		if n.Sign() < 0 || n.Cmp(room) >= 0 {
			return cty.NilVal, function.NewArgErrorf(2, "%s has %s parts of /%d, 0 to %s", p, room, bits, new(big.Int).Sub(room, big.NewInt(1)))
		}
		start := plus(p.Addr(), n.Lsh(n, uint(p.Addr().BitLen()-bits)))
		return cty.StringVal(netip.PrefixFrom(start, bits).String()), nil
	},
})

// cidrSubnetsFunc are parts of a prefix that follow each other, each so many
// bits longer.
var cidrSubnetsFunc = function.New(&function.Spec{
	Params:   []function.Parameter{prefixParam},
	VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := prefixArg(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		var parts []cty.Value
		next := big.NewInt(0)
		room := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
		for i := range args[1:] {
			bits, err := longer(p, args, i+1)
			if err != nil {
				return cty.NilVal, err
			}
			size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-bits))
			// A part starts at a multiple of its size.
			next.Add(next, size).Sub(next, big.NewInt(1)).Div(next, size).Mul(next, size)
			end := new(big.Int).Add(next, size)
			if end.Cmp(room) > 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "%s has no room left for a /%d", p, bits)
			}
			parts = append(parts, cty.StringVal(netip.PrefixFrom(plus(p.Addr(), next), bits).String()))
			next = end
		}
		if len(parts) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(parts), nil
	},
})

// cidrContainsFunc says whether an address or a whole prefix lies in a prefix.
var cidrContainsFunc = function.New(&function.Spec{
	Params: []function.Parameter{prefixParam, {Name: "address", Type: cty.String}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		p, err := prefixArg(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		if a, err := netip.ParseAddr(args[1].AsString()); err == nil {
			return cty.BoolVal(p.Contains(a.Unmap())), nil
		}
		inner, err := prefixArg(args, 1)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.BoolVal(inner.Bits() >= p.Bits() && p.Contains(inner.Addr())), nil
	},
})

// prefixArg is an argument as a prefix, its host bits cleared.
func prefixArg(args []cty.Value, i int) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(args[i].AsString())
	if err != nil {
		return p, function.NewArgErrorf(i, "%q is not a prefix in CIDR notation, such as 10.0.0.0/24", args[i].AsString())
	}
	return p.Masked(), nil
}

// wholeArg is an argument as a whole number.
func wholeArg(args []cty.Value, i int) (*big.Int, error) {
	var n big.Int
	if err := gocty.FromCtyValue(args[i], &n); err != nil {
		return nil, function.NewArgErrorf(i, "a whole number is expected")
	}
	return &n, nil
}

// longer is the length of a prefix that is so many bits longer.
func longer(p netip.Prefix, args []cty.Value, i int) (int, error) {
	n, err := wholeArg(args, i)
	if err != nil {
		return 0, err
	}
	room := p.Addr().BitLen() - p.Bits()
	if n.Sign() < 0 || n.Cmp(big.NewInt(int64(room))) > 0 {
		return 0, function.NewArgErrorf(i, "%s can be made 0 to %d bits longer", p, room)
	}
	return p.Bits() + int(n.Int64()), nil
}

// plus is the address so many after another.
func plus(a netip.Addr, n *big.Int) netip.Addr {
	bytes := a.AsSlice()
	sum := new(big.Int).SetBytes(bytes)
	sum.Add(sum, n).FillBytes(bytes)
	out, _ := netip.AddrFromSlice(bytes)
	return out
}
