// Package chat makes the prompt of a conversation.
//
// In: a model file's chat template with the texts of its BOS and EOS tokens (New,
// or Pick where the file may have none), then messages. Out: the prompt's text.
// It is tokenized with special tokens recognized, and no BOS added: where the model
// wants one, the template writes it.
package chat
