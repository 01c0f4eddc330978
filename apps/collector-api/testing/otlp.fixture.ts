import protobuf from 'protobufjs/minimal.js';

type Message = Record<string, unknown>;
type Writer = protobuf.Writer;
/** Writes the value of a field. */
type WriteField = (writer: Writer, value: unknown) => Writer;
/** Field number and how to write it, by its name in JSON. */
type Fields = Readonly<Record<string, readonly [field: number, wireType: number, write: WriteField]>>;

const string: WriteField = (writer, value) => writer.string(value as string);
const hex: WriteField = (writer, value) => writer.bytes(Buffer.from(value as string, 'hex'));
const base64: WriteField = (writer, value) => writer.bytes(Buffer.from(value as string, 'base64'));
const fixed64: WriteField = (writer, value) => {
  const number = BigInt(value as string);
  return writer.fixed32(Number(number & 0xffff_ffffn)).fixed32(Number(number >> 32n));
};
const int64: WriteField = (writer, value) => {
  for (let rest = BigInt.asUintN(64, BigInt(value as string)); ; rest >>= 7n) {
    if (rest < 0x80n) return writer.uint32(Number(rest));
    writer.raw(Uint8Array.of(Number(rest & 0x7fn) | 0x80));
  }
};
const message =
  (fields: () => Fields): WriteField =>
  (writer, value) =>
    write(writer.fork(), value as Message, fields()).ldelim();

const VALUE: Fields = {
  stringValue: [1, 2, string],
  boolValue: [2, 0, (writer, value) => writer.bool(value as boolean)],
  intValue: [3, 0, int64],
  doubleValue: [4, 1, (writer, value) => writer.double(Number(value))],
  arrayValue: [5, 2, message(() => ({ values: [1, 2, message(() => VALUE)] }))],
  kvlistValue: [6, 2, message(() => ({ values: [1, 2, message(() => KEY_VALUE)] }))],
  bytesValue: [7, 2, base64],
};
const KEY_VALUE: Fields = { key: [1, 2, string], value: [2, 2, message(() => VALUE)] };
const ATTRIBUTES = [2, message(() => KEY_VALUE)] as const;
const RECORD: Fields = {
  timeUnixNano: [1, 1, fixed64],
  severityNumber: [2, 0, (writer, value) => writer.int32(value as number)],
  severityText: [3, 2, string],
  body: [5, 2, message(() => VALUE)],
  attributes: [6, ...ATTRIBUTES],
  traceId: [9, 2, hex],
  spanId: [10, 2, hex],
  observedTimeUnixNano: [11, 1, fixed64],
  eventName: [12, 2, string],
};
const SCOPE: Fields = { name: [1, 2, string], version: [2, 2, string], attributes: [3, ...ATTRIBUTES] };
const SCOPE_LOGS: Fields = {
  scope: [1, 2, message(() => SCOPE)],
  logRecords: [2, 2, message(() => RECORD)],
};
const RESOURCE_LOGS: Fields = {
  resource: [1, 2, message(() => ({ attributes: [1, ...ATTRIBUTES] }))],
  scopeLogs: [2, 2, message(() => SCOPE_LOGS)],
};

/** A request in OTLP's protobuf encoding, from the shape of its JSON. */
export function protobufOf(request: object): Buffer {
  const fields: Fields = { resourceLogs: [1, 2, message(() => RESOURCE_LOGS)] };
  return Buffer.from(write(protobuf.Writer.create(), request as Message, fields).finish());
}

function write(writer: Writer, from: Message, fields: Fields): Writer {
  for (const [name, [field, wireType, writeField]] of Object.entries(fields)) {
    const values = Array.isArray(from[name]) ? (from[name] as unknown[]) : [from[name]];
    for (const value of values)
      if (value !== undefined) writeField(writer.uint32((field << 3) | wireType), value);
  }
  return writer;
}

export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** A request with these records of one source. */
export function logsOf(logRecords: readonly object[], resource: readonly object[] = SOURCE): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: resource },
        scopeLogs: [{ scope: { name: 'payments', version: '1.2.0' }, logRecords }],
      },
    ],
  };
}

export const SOURCE = [
  text('service.name', 'checkout'),
  text('service.instance.id', 'checkout-1'),
  text('host.name', 'node-17'),
];

/** A record that has everything; another one for each number. */
export function recordOf(number: number) {
  return {
    timeUnixNano: String(1_795_341_600_123_456_789n + BigInt(number)),
    observedTimeUnixNano: '1795341601000000000',
    severityNumber: 17,
    severityText: 'ERROR',
    body: { stringValue: `payment ${number} refused\n  at Checkout.pay` },
    attributes: [text('http.route', '/orders/{id}'), { key: 'attempt', value: { intValue: '3' } }],
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
  };
}
