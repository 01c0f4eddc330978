import { RecordEncoder } from '@pipeline/kafka-transport';

/** One encoder for each topic, for one request after the other: what it grows to, it keeps. */
export class TopicEncoders {
  private readonly encoders = new Map<string, RecordEncoder>();

  /** Holds nothing, also where the request before failed halfway. */
  restarted(topic: string): RecordEncoder {
    let encoder = this.encoders.get(topic);
    if (encoder === undefined) {
      encoder = new RecordEncoder();
      this.encoders.set(topic, encoder);
    }
    encoder.restart();
    return encoder;
  }
}
