import { RANGES } from '../history/range.ts';
import { useMessages } from '../i18n/language.ts';
import { type RangeName } from '../i18n/messages.ts';

export interface RangePickerProps {
  readonly selected: RangeName;
  readonly onSelect: (range: RangeName) => void;
}

/** How far to look back: radio buttons, so that arrow keys and screen readers work by themselves. */
export function RangePicker({ selected, onSelect }: RangePickerProps) {
  const messages = useMessages();
  return (
    <fieldset class="ranges">
      <legend class="sr-only">{messages.rangeLabel}</legend>
      {(Object.keys(RANGES) as RangeName[]).map((name) => (
        <label key={name} class="range">
          <input
            type="radio"
            name="range"
            class="sr-only"
            value={name}
            checked={name === selected}
            onChange={() => onSelect(name)}
          />
          <span>{messages.ranges[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
