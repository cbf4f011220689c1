package trinity

import (
	"context"
	"iter"

	"github.com/trinity-engine/trinity/runtime/chat"
)

// Message is one turn of a conversation.
type Message = chat.Message

// Prompt renders messages with the file's chat template, ready for the model's answer; a file without one
// is spoken to in ChatML if it has its tokens, else in raw text.
func (m *Model) Prompt(messages []Message) (string, error) {
	source, _ := metadata{m.file}.Text("tokenizer.chat_template")
	text := func(id int32, ok bool) string {
		if !ok {
			return ""
		}
		return m.tokens.Piece(id)
	}
	special := func(token string) bool {
		id, ok := m.tokens.ID(token)
		return ok && m.tokens.Special(id)
	}
	t, err := chat.Pick(source, text(m.tokens.BOS()), text(m.tokens.EOS()), special)
	if err != nil {
		return "", err
	}
	return t.Render(messages, chat.Options{AddGenerationPrompt: true})
}

// Chat answers a conversation, as Generate does.
func (m *Model) Chat(ctx context.Context, messages []Message, o GenerateOptions) iter.Seq2[Token, error] {
	return func(yield func(Token, error) bool) {
		prompt, err := m.Prompt(messages)
		if err != nil {
			yield(Token{ID: -1}, err)
			return
		}
		m.Generate(ctx, m.Tokenize(prompt, true), o)(yield)
	}
}
