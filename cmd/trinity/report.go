package main

import (
	"fmt"
	"io"

	"github.com/trinity-engine/trinity"
)

// report is what bench found.
type report struct {
	Machine trinity.Limits `json:"machine"`
	Models  []benchmark    `json:"models"`
}

// benchmark is one model's.
type benchmark struct {
	Model   string `json:"model"`
	Size    int    `json:"bytes"` // of the file
	Type    string `json:"type"`
	Variant string `json:"variant"`
	Exact   bool   `json:"exact"` // activations are f32
	Fast    bool   `json:"fast"`  // other processors may give other bits
	Threads int    `json:"threads"`
	Runs    int    `json:"runs"`
	Prefill speed  `json:"prefill"`
	Decode  speed  `json:"decode"`
}

// speed is tokens a second.
type speed struct {
	Tokens int     `json:"tokens"` // a run
	Median float64 `json:"tokens_per_second"`
	Spread float64 `json:"spread"`         // half of what lies between the slowest and the fastest
	Work   float64 `json:"work_per_token"` // decode: bytes of weights; prefill: multiply-adds
	Share  float64 `json:"share"`          // of the machine's limit
}

func (s speed) String() string { return fmt.Sprintf("%d: %.1f ± %.1f", s.Tokens, s.Median, s.Spread) }

// limit sets the shares of what the machine can do.
func (r *report) limit(machine trinity.Limits) {
	r.Machine = machine
	for i := range r.Models {
		b := &r.Models[i]
		b.Prefill.Share = b.Prefill.Median * b.Prefill.Work / machine.Dots
		b.Decode.Share = b.Decode.Median * b.Decode.Work / machine.Read
	}
}

// print writes a table, in Markdown too, and below it the limits.
func (r *report) print(w io.Writer) error {
	rows := [][]string{{"model", "size", "type", "variant", "threads", "prompt: tokens/s", "of dots", "answer: tokens/s", "of reads"}}
	for i := range r.Models {
		b := &r.Models[i]
		rows = append(rows, []string{b.Model, megabytes(b.Size), b.Type, b.Variant, fmt.Sprint(b.Threads),
			"pp" + b.Prefill.String(), percent(b.Prefill.Share), "tg" + b.Decode.String(), percent(b.Decode.Share)})
	}
	if err := table(w, "lrllrrrrr", rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d threads read %.1f GB/s and do %.1f G multiply-adds/s of integers\n",
		r.Machine.Threads, r.Machine.Read/1e9, r.Machine.Dots/1e9)
	return err
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
