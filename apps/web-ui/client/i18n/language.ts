import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { english } from './english.ts';
import { korean } from './korean.ts';
import { type Messages } from './messages.ts';

/** The texts of the first language of the browser that we speak; English when there is none. */
export function messagesFor(languages: readonly string[]): Messages {
  for (const language of languages) {
    const [code] = language.toLowerCase().split('-');
    if (code === 'ko') return korean;
    if (code === 'en') return english;
  }
  return english;
}

const MessagesContext = createContext<Messages>(english);

export const MessagesProvider = MessagesContext.Provider;

export function useMessages(): Messages {
  return useContext(MessagesContext);
}
