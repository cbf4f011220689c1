package trinity

import (
	"context"
	"iter"

	"github.com/trinity-engine/trinity/runtime/chat"
)

// Message is one turn of a conversation.
type Message = chat.Message

// The roles of a message; a template may know others.
const (
	System    = chat.System
	User      = chat.User
	Assistant = chat.Assistant
)

// conversation is the file's chat template, or why it can't be used.
type conversation struct {
	*chat.Template
	err error
}

func readTemplate(keys metadata, v *Vocabulary) (*chat.Template, error) {
	source, _ := keys.Text("tokenizer.chat_template")
	text := func(id int32, ok bool) string {
		if !ok {
			return ""
		}
		return v.tokens.Piece(id)
	}
	special := func(token string) bool {
		id, ok := v.tokens.ID(token)
		return ok && v.tokens.Special(id)
	}
	return chat.Pick(source, text(v.tokens.BOS()), text(v.tokens.EOS()), special)
}

// Chats tells whether the model knows turns: whether the file has a chat template, or the tokens of ChatML.
// A model that doesn't continues one text.
func (m *Model) Chats() bool { return m.template.err != nil || m.template.Origin() != chat.RawText }

// Prompt renders messages with the file's chat template, ready for the model's answer. A file without one is
// spoken to in ChatML if it has its tokens; else one user message is given as it is. A template may refuse
// messages, such as two turns of one role.
func (m *Model) Prompt(messages []Message) (string, error) {
	if m.template.err != nil {
		return "", m.template.err
	}
	return m.template.Render(messages, chat.Options{AddGenerationPrompt: true})
}

// PromptTokens gives the tokens of Prompt.
func (m *Model) PromptTokens(messages []Message) ([]int32, error) {
	text, err := m.Prompt(messages)
	if err != nil {
		return nil, err
	}
	return m.Tokenize(text, TokenizeOptions{Special: true, BOS: !m.Chats() && m.AddBOS()}), nil
}

// Chat answers a conversation, as Generate does.
func (m *Model) Chat(ctx context.Context, messages []Message, o GenerateOptions) iter.Seq2[Token, error] {
	return func(yield func(Token, error) bool) {
		prompt, err := m.PromptTokens(messages)
		if err != nil {
			yield(Token{ID: NoToken}, err)
			return
		}
		m.Generate(ctx, prompt, o)(yield)
	}
}
