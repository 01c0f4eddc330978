import { describe, expect, it } from '@jest/globals';
import { FrameRing } from './frame-ring.ts';

const frame = (text: string): Buffer => Buffer.from(text.padEnd(10, '.'));

function ringOf(count: number, maxBytes: number): FrameRing {
  const ring = new FrameRing(maxBytes);
  for (let sequence = 1; sequence <= count; sequence++) ring.push(sequence, frame(String(sequence)));
  return ring;
}

describe('the ring of frames', () => {
  it('gives exactly the frames after a position', () => {
    expect(ringOf(5, 1_000).after(3)).toEqual([frame('4'), frame('5')]);
    expect(ringOf(5, 1_000).after(5)).toEqual([]);
    expect(ringOf(5, 1_000).after(0)).toHaveLength(5);
  });

  it('knows nothing of positions that are gone or were never reached', () => {
    const ring = ringOf(5, 30);
    expect(ring.after(2)).toHaveLength(3);
    expect(ring.after(1)).toBeUndefined();
    expect(ring.after(6)).toBeUndefined();
  });

  it('has nothing to tell before the first frame', () => {
    expect(new FrameRing(30).after(0)).toEqual([]);
    expect(new FrameRing(30).after(1)).toBeUndefined();
  });

  it('stays within its bytes however many frames there were', () => {
    const ring = ringOf(5_000, 50);
    expect(ring.after(4_995)).toHaveLength(5);
    expect(ring.after(4_994)).toBeUndefined();
  });
});
