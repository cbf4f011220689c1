package trinity

import (
	"context"
	"fmt"

	"github.com/trinity-engine/trinity/runtime/exec"
)

// session is one text in the engine's cache. It keeps its positions when it ends, so that a later prompt
// which begins alike, as the next turn of a chat does, computes only what is new.
type session struct {
	model  *Model
	seq    int32
	tokens []int32 // of the positions that it holds
	rows   []exec.Row
	out    []int32
}

func (m *Model) makeSessions() error {
	m.sessions = make(chan struct{}, m.options.Sequences)
	for range m.options.Sequences {
		seq, err := m.engine.Open()
		if err != nil {
			return err
		}
		m.idle = append(m.idle, &session{model: m, seq: seq})
	}
	return nil
}

// take waits for the turn to use the engine.
func (m *Model) take(ctx context.Context) error {
	if err := wait(ctx, m.turn); err != nil {
		return err
	}
	if m.closed {
		m.give()
		return ErrClosed
	}
	return nil
}

func (m *Model) give() { <-m.turn }

// wait takes a place in the room, unless ctx ends first.
func wait(ctx context.Context, room chan<- struct{}) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// begin lends a session that holds a beginning of ids, the longest there is, and nothing else.
func (m *Model) begin(ctx context.Context, ids []int32) (*session, error) {
	if err := wait(ctx, m.sessions); err != nil {
		return nil, err
	}
	if err := m.take(ctx); err != nil {
		<-m.sessions
		return nil, err
	}
	defer m.give()
	best, most := 0, -1
	for i, s := range m.idle {
		if n := common(s.tokens, ids); n > most {
			best, most = i, n
		}
	}
	s := m.idle[best]
	if err := m.engine.Truncate(s.seq, most); err != nil {
		<-m.sessions
		return nil, err
	}
	s.tokens = s.tokens[:most]
	m.idle = append(m.idle[:best], m.idle[best+1:]...)
	return s, nil
}

// end gives the session back.
func (s *session) end() {
	m := s.model
	m.turn <- struct{}{}
	m.idle = append(m.idle, s)
	m.give()
	<-m.sessions
}

// common is how many tokens a and b begin with alike.
func common(a, b []int32) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// extend computes the ids that follow, in batches, and shows the logits after the last so many of them, a
// row at a time, which see must not keep; the engine is held meanwhile.
func (s *session) extend(ctx context.Context, ids []int32, outputs int, see func(logits []float32)) error {
	o := &s.model.options
	for len(ids) > 0 {
		n, first := min(len(ids), o.Batch), max(len(ids)-outputs, 0)
		if first < n {
			n = min(n, first+o.Outputs)
		}
		if err := s.batch(ctx, ids[:n], min(first, n), see); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// batch computes one batch, with the logits from row first on.
func (s *session) batch(ctx context.Context, ids []int32, first int, see func(logits []float32)) error {
	m := s.model
	if full := m.options.Context; len(s.tokens)+len(ids) > full {
		return fmt.Errorf("%w: all of its %d positions are taken", ErrContextFull, full)
	}
	s.rows, s.out = s.rows[:0], s.out[:0]
	for i, id := range ids {
		s.rows = append(s.rows, exec.Row{Token: id, Seq: s.seq, Pos: int32(len(s.tokens) + i)})
		if i >= first {
			s.out = append(s.out, int32(i))
		}
	}
	if err := m.take(ctx); err != nil {
		return err
	}
	defer m.give()
	want := m.logits.want
	if len(s.out) == 0 {
		want = 0
	}
	if err := m.engine.Forward(ctx, s.rows, s.out, want); err != nil {
		return err
	}
	s.tokens = append(s.tokens, ids...)
	if len(s.out) > 0 {
		all := m.engine.Output(m.logits.index)
		width := len(all) / len(s.out)
		for r := range s.out {
			see(all[r*width:][:width])
		}
	}
	return nil
}
