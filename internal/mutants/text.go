package main

var (
	samples   = check{pkg: "./runtime/sample", test: "TestAgainstReference"}
	penalties = check{pkg: "./runtime/sample", test: "TestPenalties"}
	tokens    = check{pkg: "./runtime/tokenizer", test: "TestGolden"}
)

// text is tokens to and from text, and choosing them.
var text = []mutant{
	{
		name: "top-p stops one token early",
		file: "runtime/sample/truncate.go",
		old:  "return head(c, func(x candidate) bool { sum += float64(x.weight); return sum >= want })",
		new:  "return head(c, func(x candidate) bool { sum += float64(x.weight); return sum+float64(x.weight) >= want })",
		by:   samples,
	},
	{
		name: "min-p drops the token at its limit",
		file: "runtime/sample/truncate.go",
		old:  "if x.weight >= least {",
		new:  "if x.weight > least {",
		by:   check{pkg: "./runtime/sample", test: "TestSteps"},
	},
	{
		name: "typical-p prefers what is far from the entropy",
		file: "runtime/sample/truncate.go",
		old:  "c[i].key = float32(-d)",
		new:  "c[i].key = float32(d)",
		by:   samples,
	},
	{
		name: "equal tokens are ordered from the last",
		file: "runtime/sample/head.go",
		old:  "a.key == b.key && a.id < b.id",
		new:  "a.key == b.key && a.id > b.id",
		by:   check{pkg: "./runtime/sample", test: "TestEquals"},
	},
	{
		name: "a repetition makes a token of negative logit likelier",
		file: "runtime/sample/sampler.go",
		old:  "logit = float32(logit * s.params.RepeatPenalty)",
		new:  "logit = float32(logit / s.params.RepeatPenalty)",
		by:   penalties,
	},
	{
		name: "tokens beyond the window still count",
		file: "runtime/sample/window.go",
		old:  "w.counts[w.ring[w.next]]--",
		new:  "w.counts[w.ring[w.next]] += 0",
		by:   penalties,
	},
	{
		name: "a sampler that is reset goes on with its draws",
		file: "runtime/sample/sampler.go",
		old:  "s.random.Seed(s.params.Seed, stream)\n",
		new:  "_ = s.random\n",
		by:   check{pkg: "./runtime/sample", test: "TestSeeds"},
	},
	{
		name: "a merge that is out of date is made",
		file: "runtime/tokenizer/merge.go",
		old:  "if right.end-left.start != c.size {",
		new:  "if right.end-left.start < c.size {",
		by:   tokens,
	},
	{
		name: "of equal merges the last comes first",
		file: "runtime/tokenizer/merge.go",
		old:  "key: uint64(rank)<<32 | uint64(left)",
		new:  "key: uint64(rank+1)<<32 - uint64(left) - 1",
		by:   tokens,
	},
	{
		name: "a group of digits is one too long",
		file: "runtime/tokenizer/scan_llama.go",
		old:  "for ; limit > 0 && i < len(s); limit--",
		new:  "for ; limit >= 0 && i < len(s); limit--",
		by:   check{pkg: "./runtime/tokenizer", test: "TestWords"},
	},
	{
		name: "a piece of the worst score is merged first",
		file: "runtime/tokenizer/sentencepiece.go",
		old:  "return cmp.Compare(scores[b], scores[a])",
		new:  "return cmp.Compare(scores[a], scores[b])",
		by:   check{pkg: "./runtime/tokenizer", test: "TestSentencePiece"},
	},
	{
		name: "a stream gives half a character",
		file: "runtime/tokenizer/stream.go",
		old:  "if !all && !utf8.FullRune(rest) {",
		new:  "if !all && !utf8.FullRune(rest) && len(rest) == 1 {",
		by:   check{pkg: "./runtime/tokenizer", test: "TestStream"},
	},
	{
		name: "a stop string that begins again within itself is missed",
		file: "runtime/stop/stop.go",
		old:  "p.n = p.fail[p.n-1]",
		new:  "p.n = 0",
		by:   check{pkg: "./runtime/stop", test: "TestPush"},
	},
}
