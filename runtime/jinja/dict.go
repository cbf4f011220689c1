package jinja

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// Dict is a mapping that keeps the order in which keys came.
type Dict struct {
	keys, values []Value
	index        map[string]int // hashed key → place
}

// NewDict is an empty mapping.
func NewDict() *Dict { return &Dict{index: map[string]int{}} }

// Len is the number of keys.
func (d *Dict) Len() int { return len(d.keys) }

// Set gives key a value; a key that is there keeps its place. It is for building
// a dict, before a template sees it.
func (d *Dict) Set(key string, v Value) { d.put(strKey(key), Str(key), v) }

// Get is key's value.
func (d *Dict) Get(key string) (Value, bool) { return d.at(strKey(key)) }

func (d *Dict) put(hash string, key, v Value) {
	if i, ok := d.index[hash]; ok {
		d.values[i] = v
		return
	}
	d.index[hash] = len(d.keys)
	d.keys = append(d.keys, key)
	d.values = append(d.values, v)
}

func (d *Dict) at(hash string) (Value, bool) {
	i, ok := d.index[hash]
	if !ok {
		return nil, false
	}
	return d.values[i], true
}

// items are the (key, value) tuples.
func (d *Dict) items() []Value {
	items := make([]Value, len(d.keys))
	for i, k := range d.keys {
		items[i] = &tuple{items: []Value{k, d.values[i]}}
	}
	return items
}

func strKey(s string) string { return "s" + s }

// hash is a string that equal keys share (1, 1.0 and true are equal); false where
// v can't be a key.
func (r *renderer) hash(v Value) (string, bool) {
	switch v := v.(type) {
	case Str:
		r.read(len(v))
		return strKey(string(v)), true
	case noneValue:
		return "n", true
	case Bool:
		return map[Bool]string{false: "i0", true: "i1"}[v], true
	case Int:
		return "i" + strconv.FormatInt(int64(v), 10), true
	case bigInt:
		r.read(v.BitLen())
		return "i" + v.String(), true
	case Float:
		if f := float64(v); f == math.Trunc(f) && !math.IsInf(f, 0) {
			n, _ := new(big.Float).SetFloat64(f).Int(nil)
			return "i" + n.String(), true
		}
		return "f" + strconv.FormatFloat(float64(v), 'g', -1, 64), true
	case *tuple:
		return r.hashTuple(v)
	case *undefined:
		return "u", true
	case *List, *Dict, *view:
		return "", false
	}
	return fmt.Sprintf("p%p", v), true
}

func (r *renderer) hashTuple(t *tuple) (string, bool) {
	r.enter()
	defer r.leave()
	hash := []byte{'t'}
	for _, item := range t.items {
		h, ok := r.hash(item)
		if !ok {
			return "", false
		}
		r.made(len(h))
		hash = append(strconv.AppendInt(hash, int64(len(h)), 10), ':')
		hash = append(hash, h...)
	}
	return string(hash), true
}
