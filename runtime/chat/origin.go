package chat

import (
	"errors"

	"github.com/trinity-engine/trinity/runtime/jinja"
)

// Origin says where a template comes from.
type Origin int

const (
	FromFile Origin = iota // the model's own
	ChatML                 // the file has none, but ChatML's tokens
	RawText                // the file has neither: text is continued, there is no chat
)

func (o Origin) String() string {
	return [...]string{"the file's own", "ChatML", "raw text"}[o]
}

// Origin says where the template comes from.
func (t *Template) Origin() Origin { return t.origin }

const (
	turnBegin = "<|im_start|>"
	turnEnd   = "<|im_end|>"
)

const chatML = `{% for m in messages %}` + turnBegin + `{{ m.role }}
{{ m.content }}` + turnEnd + `
{% endfor %}{% if add_generation_prompt %}` + turnBegin + `assistant
{% endif %}`

// Pick is New, and a choice where source is empty: ChatML if the vocabulary has
// both of its tokens (special says so), else Raw. Origin tells which it was.
func Pick(source, bos, eos string, special func(token string) bool) (*Template, error) {
	if source != "" {
		return New(source, bos, eos)
	}
	if !special(turnBegin) || !special(turnEnd) {
		return Raw(), nil
	}
	t, err := jinja.Parse(chatML)
	return &Template{ChatML, t, bos, eos}, err
}

// Raw takes one user message and gives its text, to be continued.
func Raw() *Template { return &Template{origin: RawText} }

var errRaw = errors.New("chat: this model has no chat template: it continues one text, and knows no system message, no turns and no tools")

func raw(messages []Message, o Options) (string, error) {
	if len(messages) != 1 || messages[0].Role != User || len(o.Tools) > 0 {
		return "", errRaw
	}
	return messages[0].Content, nil
}
