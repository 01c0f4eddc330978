/** Marks, embeddings, overrides and isolates that turn the direction of what stands around them. */
const DIRECTION_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Anything but white space, characters that are made to be ignored or to fill, and the two blanks that Unicode calls symbols. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\u2800\u{1d159}]/u;

/** A text that stands among others: nothing in it turns them, nothing blank is around it. */
export function shownText(text: string): string {
  return text.replaceAll(DIRECTION_CONTROLS, '').trim();
}

/** Whether a reader sees anything of a text. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}
