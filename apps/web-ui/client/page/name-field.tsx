import { type Ref } from 'preact';
import { useMessages } from '../i18n/language.ts';

export interface NameFieldProps {
  readonly name: string;
  readonly invalid: boolean;
  readonly input: Ref<HTMLInputElement>;
  readonly onRename: (name: string) => void;
}

/** A long name is written smaller, so that it stays one line. */
const LONG = [
  [36, 'longer'],
  [20, 'long'],
] as const;

/** The name, as the first words of a sentence that the colours finish. */
export function NameField({ name, invalid, input, onRename }: NameFieldProps) {
  const messages = useMessages();
  return (
    <p class="sentence">
      {messages.beforeName}
      <input
        ref={input}
        class={`name ${LONG.find(([letters]) => name.length > letters)?.[1] ?? ''}`}
        type="text"
        name="user_name"
        aria-label={messages.nameLabel}
        placeholder={messages.namePlaceholder}
        aria-invalid={invalid}
        aria-describedby="notice"
        autocomplete="nickname"
        autocapitalize="words"
        spellcheck={false}
        required
        value={name}
        onInput={({ currentTarget }) => onRename(currentTarget.value)}
      />
      <span class="after-name">{messages.afterName}</span>
    </p>
  );
}
