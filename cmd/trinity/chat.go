package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/trinity-engine/trinity"
)

// chat is a conversation on a terminal.
type chat struct {
	flags    *runFlags
	model    *trinity.Model
	in       lineReader
	system   string
	messages []trinity.Message // turns after the system message, a user's first
	answers  uint64            // so far: each has a seed of its own
}

// lineReader reads what the user enters; io.EOF ends the conversation.
type lineReader interface{ ReadLine() (string, error) }

func newChat(f *runFlags, m *trinity.Model) *chat {
	return &chat{flags: f, model: m, system: f.system, in: newLineReader(os.Stdin, os.Stderr)}
}

// errQuit ends the conversation.
var errQuit = errors.New("quit")

// run talks until /quit or the end of input. What goes wrong in a turn is said, and the talk goes on.
func (c *chat) run() error {
	unread := make(chan os.Signal, 1) // Ctrl-C ends nothing but an answer
	signal.Notify(unread, os.Interrupt)
	defer signal.Stop(unread)
	c.say("/help lists the commands; Ctrl-C stops an answer, Ctrl-D ends")
	if !c.turns() {
		c.say("each line is continued by itself: there are no turns without a chat template")
	}
	for {
		line, err := c.in.ReadLine()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			c.say("%v", err)
			continue
		case err != nil:
			return fmt.Errorf("the terminal: %w", err)
		}
		switch err := c.enter(strings.TrimSpace(line)); {
		case errors.Is(err, errQuit):
			return nil
		case err != nil:
			c.say("%s", c.complain(err))
		}
	}
}

// say tells the user something that is no answer.
func (c *chat) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// complain says what is wrong and what to do about it here.
func (c *chat) complain(err error) string {
	switch {
	case errors.Is(err, errInterrupted):
		return "(stopped)"
	case errors.Is(err, trinity.ErrContextFull):
		return fmt.Sprintf("%v: /undo takes a turn back, /reset starts anew; trinity run --ctx gives more room", err)
	}
	return err.Error()
}

// turns tells whether the model is given the whole conversation, and not one text.
func (c *chat) turns() bool { return !c.flags.raw && c.model.Chats() }

// enter does what a line asks for.
func (c *chat) enter(line string) error {
	switch {
	case line == "":
		return nil
	case strings.HasPrefix(line, "/"):
		return c.command(line)
	}
	return c.ask(line)
}

// ask answers a message. It stays in the conversation if any of its answer came.
func (c *chat) ask(text string) error {
	before := c.messages
	if !c.turns() {
		c.messages = nil
	}
	c.messages = append(c.messages, trinity.Message{Role: trinity.User, Content: text})
	answer, err := c.answer()
	if answer == "" && err != nil {
		c.messages = before
		return err
	}
	c.messages = append(c.messages, trinity.Message{Role: trinity.Assistant, Content: answer})
	return err
}

// answer prints the model's next turn.
func (c *chat) answer() (string, error) {
	ids, err := c.flags.tokens(c.model, append(c.flags.opening(c.system), c.messages...))
	if err != nil {
		return "", err
	}
	sampling, err := c.flags.sampling.of(c.model)
	if err != nil {
		return "", err
	}
	sampling.Seed += c.answers
	c.answers++
	ctx, stop := interruptible(c.flags.command.Context())
	defer stop()
	return c.flags.stream(ctx, c.model, ids, sampling)
}
