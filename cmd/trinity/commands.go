package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/trinity-engine/trinity"
)

// command is something to do in a conversation.
type command struct {
	names    []string
	argument string // "" for none, in brackets where it may be missing
	what     string
	do       func(c *chat, argument string) error
}

// commands in the order of /help.
var commands []command

func init() { // for /help lists them
	commands = []command{
		{[]string{"/help", "/?"}, "", "list the commands", (*chat).help},
		{[]string{"/reset", "/clear"}, "", "start anew; the system message stays", (*chat).reset},
		{[]string{"/retry"}, "", "answer the last message again", (*chat).retry},
		{[]string{"/undo"}, "", "take the last message and its answer back", (*chat).undo},
		{[]string{"/system"}, "[TEXT]", "set the system message and start anew; without TEXT, show it", (*chat).setSystem},
		{[]string{"/set"}, "[NAME VALUE]", "set a sampling option, such as temp 0.5; without one, show them", (*chat).set},
		{[]string{"/save"}, "FILE", "write the conversation as JSON", (*chat).save},
		{[]string{"/load"}, "FILE", "go on with a conversation that was saved", (*chat).load},
		{[]string{"/quit", "/exit", "/bye"}, "", "end; so does Ctrl-D", func(*chat, string) error { return errQuit }},
	}
}

func (c *chat) command(line string) error {
	name, argument, _ := strings.Cut(line, " ")
	argument = strings.TrimSpace(argument)
	for _, k := range commands {
		for _, n := range k.names {
			switch {
			case n != name:
			case argument == "" && k.argument != "" && k.argument[0] != '[':
				return fmt.Errorf("say which: %s %s", name, k.argument)
			case argument != "" && k.argument == "":
				return fmt.Errorf("%s takes nothing after it", name)
			default:
				return k.do(c, argument)
			}
		}
	}
	return fmt.Errorf("there is no command %s: see /help", name)
}

// completeCommand gives the one command that begins with typed.
func completeCommand(typed string) (name string, ok bool) {
	for _, k := range commands {
		for _, n := range k.names {
			if strings.HasPrefix(n, typed) {
				if ok {
					return "", false
				}
				name, ok = n, true
			}
		}
	}
	return name, ok
}

func (c *chat) help(string) error {
	for _, k := range commands {
		c.say("  %-22s %s", strings.TrimSpace(k.names[0]+" "+k.argument), k.what)
	}
	c.say("Ctrl-C stops an answer, the arrows bring back earlier lines, a paste of several lines is one message.")
	return nil
}

func (c *chat) reset(string) error {
	c.messages = nil
	c.say("(a new conversation)")
	return nil
}

func (c *chat) setSystem(text string) error {
	switch {
	case text == "" && c.system == "":
		c.say("(there is no system message)")
		return nil
	case text == "":
		c.say("%s", c.system)
		return nil
	case !c.turns():
		return fmt.Errorf("a system message needs a chat template")
	}
	c.system = text
	return c.reset("")
}

// undo forgets the last message of the user's and what came after it.
func (c *chat) undo(string) error {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].Role == trinity.User {
			c.messages = c.messages[:i]
			c.say("(%d messages are left)", i)
			return nil
		}
	}
	return fmt.Errorf("there is nothing to take back")
}

// retry answers the last message of the user's again.
func (c *chat) retry(string) error {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].Role == trinity.User {
			text := c.messages[i].Content
			c.messages = c.messages[:i]
			return c.ask(text)
		}
	}
	return fmt.Errorf("there is no message yet")
}

// set changes a sampling flag, as the command line does.
func (c *chat) set(argument string) error {
	flags := &c.flags.sampling
	if argument == "" {
		return c.showSampling()
	}
	name, value, _ := strings.Cut(argument, " ")
	name = strings.TrimPrefix(name, "--")
	flag := flags.set.Lookup(name)
	if flag == nil {
		return fmt.Errorf("%q is no sampling option: see trinity run --help", name)
	}
	before, changed := *flags, flag.Changed
	err := flags.set.Set(name, strings.TrimSpace(value))
	if err == nil {
		err = flags.validate()
	}
	if err != nil {
		*flags, flag.Changed = before, changed
	}
	return err
}

func (c *chat) showSampling() error {
	s, err := c.flags.sampling.of(c.model)
	if err != nil {
		return err
	}
	for _, p := range parameters {
		c.say("  %-18s %v", p.flag, *p.field(&s))
	}
	c.say("  %-18s %v\n  %-18s %v", "top-k", s.TopK, "penalty-last-n", s.PenaltyLastN)
	return nil
}

// saved is a conversation in a file.
type saved struct {
	Messages []trinity.Message `json:"messages"`
}

func (c *chat) save(path string) error {
	data, err := json.MarshalIndent(saved{append(c.flags.opening(c.system), c.messages...)}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		return err
	}
	c.say("(%d messages in %s)", len(c.messages), path)
	return nil
}

func (c *chat) load(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("%s: %w: it is no conversation that /save wrote", path, err)
	}
	system := ""
	if len(s.Messages) > 0 && s.Messages[0].Role == trinity.System {
		system, s.Messages = s.Messages[0].Content, s.Messages[1:]
	}
	c.system, c.messages = system, s.Messages
	c.say("(%d messages)", len(c.messages))
	return nil
}
