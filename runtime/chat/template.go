package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trinity-engine/trinity/runtime/jinja"
)

// ErrNone is New's error for an empty source.
var ErrNone = errors.New("chat: the file has no chat template: give one, or use raw text")

// Template turns messages into a prompt; several goroutines may use it at once.
type Template struct {
	origin   Origin
	jinja    *jinja.Template // nil: raw
	bos, eos string
}

// Options of a prompt; the zero value is a conversation to be stored, not answered.
type Options struct {
	AddGenerationPrompt bool            // end where the assistant's answer begins
	Tools               json.RawMessage // a JSON array of function schemas, or nothing
	Now                 time.Time       // for templates that tell the date; zero: the present
	Extra               map[string]any  // further variables, such as enable_thinking, as JSON has them
}

// New reads a file's template (tokenizer.chat_template); bos and eos are the texts
// of the vocabulary's tokens, "" where it has none.
func New(source, bos, eos string) (*Template, error) {
	if source == "" {
		return nil, ErrNone
	}
	t, err := jinja.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("chat: the chat template can't be read: %w", err)
	}
	return &Template{FromFile, t, bos, eos}, nil
}

// Render gives the prompt. A template may refuse the messages: the error then holds
// a *jinja.RaisedError.
func (t *Template) Render(messages []Message, o Options) (string, error) {
	if t.jinja == nil {
		return raw(messages, o)
	}
	vars, err := t.variables(messages, o)
	if err != nil {
		return "", err
	}
	text, err := t.jinja.Render(vars, jinja.Options{Now: o.Now})
	var refusal *jinja.RaisedError
	switch {
	case errors.As(err, &refusal):
		return "", fmt.Errorf("chat: the model's chat template refuses these messages: %w", err)
	case err != nil:
		return "", fmt.Errorf("chat: the chat template fails: %w", err)
	}
	return text, nil
}

// variables are what the template sees; tools only where there are some.
func (t *Template) variables(messages []Message, o Options) (*jinja.Dict, error) {
	if messages == nil {
		messages = []Message{}
	}
	vars := jinja.NewDict()
	for name, value := range o.Extra {
		if err := set(vars, name, value); err != nil {
			return nil, err
		}
	}
	if err := set(vars, "messages", messages); err != nil {
		return nil, err
	}
	if len(o.Tools) > 0 {
		if err := set(vars, "tools", o.Tools); err != nil {
			return nil, err
		}
	}
	vars.Set("bos_token", jinja.Str(t.bos))
	vars.Set("eos_token", jinja.Str(t.eos))
	vars.Set("add_generation_prompt", jinja.Bool(o.AddGenerationPrompt))
	return vars, nil
}

func set(vars *jinja.Dict, name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("chat: %s: %w", name, err)
	}
	v, err := jinja.FromJSON(data)
	if err != nil {
		return fmt.Errorf("chat: %s: %w", name, err)
	}
	vars.Set(name, v)
	return nil
}
