import { posix } from 'node:path';

interface FakeFile {
  body: Buffer;
  modifiedMs: number;
  attributes: Map<string, string>;
}

/** What the NameNode answers: a JSON body, a file's content, nothing, or an exception. */
export interface FakeAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly body?: Buffer;
  readonly javaClassName?: string;
}

const MISSING: FakeAnswer = { status: 404, javaClassName: 'java.io.FileNotFoundException' };
const INVALID: FakeAnswer = { status: 400, javaClassName: 'java.lang.IllegalArgumentException' };
const EXISTS: FakeAnswer = { status: 403, javaClassName: 'org.apache.hadoop.fs.FileAlreadyExistsException' };

/** The directory tree behind `FakeWebHdfs`, with HDFS's answers as measured on 3.5.0. */
export class FakeNamespace {
  readonly files = new Map<string, FakeFile>();
  private readonly directories = new Set<string>(['/']);

  apply(operation: string, path: string, parameters: URLSearchParams, body: Buffer): FakeAnswer {
    switch (operation) {
      case 'UPLOAD':
        return parameters.get('op')?.toUpperCase() === 'APPEND'
          ? this.append(path, body)
          : this.create(path, body, parameters.get('overwrite') === 'true');
      case 'MKDIRS':
        this.makeDirectory(path);
        return { status: 200, json: { boolean: true } };
      case 'RENAME':
        return this.rename(path, parameters.get('destination') ?? '', parameters.get('renameoptions'));
      case 'CONCAT':
        return this.concat(path, (parameters.get('sources') ?? '').split(','));
      case 'DELETE':
        return { status: 200, json: { boolean: this.files.delete(path) } };
      case 'LISTSTATUS':
        return this.list(path);
      default:
        return this.applyToFile(operation, path, parameters);
    }
  }

  private applyToFile(operation: string, path: string, parameters: URLSearchParams): FakeAnswer {
    const file = this.files.get(path);
    if (!file) return MISSING;
    switch (operation) {
      case 'GETFILESTATUS':
        return { status: 200, json: { FileStatus: { length: file.body.length, type: 'FILE' } } };
      case 'SETXATTR':
        file.attributes.set(parameters.get('xattr.name') ?? '', parameters.get('xattr.value') ?? '');
        return { status: 200 };
      case 'READ':
        return { status: 200, body: file.body };
      case 'GETXATTRS':
        return { status: 200, json: { XAttrs: [...file.attributes].map(toAttribute) } };
      default:
        return INVALID;
    }
  }

  private create(path: string, body: Buffer, overwrite: boolean): FakeAnswer {
    if (this.files.has(path) && !overwrite) return EXISTS;
    this.makeDirectory(posix.dirname(path));
    this.files.set(path, { body, modifiedMs: Date.now(), attributes: new Map() });
    return { status: 201 };
  }

  private append(path: string, body: Buffer): FakeAnswer {
    const file = this.files.get(path);
    if (!file) return MISSING;
    file.body = Buffer.concat([file.body, body]);
    return { status: 200 };
  }

  /** With `renameoptions` HDFS throws, or replaces what is there, where it only answers `false` without. */
  private rename(from: string, to: string, options: string | null): FakeAnswer {
    const file = this.files.get(from);
    const exists = this.files.has(to) && options !== 'OVERWRITE';
    const failed = !file || !this.directories.has(posix.dirname(to)) ? MISSING : exists ? EXISTS : undefined;
    if (options === null && failed) return { status: 200, json: { boolean: false } };
    if (failed || !file) return failed ?? MISSING;
    this.files.delete(from);
    this.files.set(to, file);
    return options === null ? { status: 200, json: { boolean: true } } : { status: 200 };
  }

  private concat(target: string, sources: readonly string[]): FakeAnswer {
    const parts = [target, ...sources].map((path) => this.files.get(path));
    if (parts.some((file) => file === undefined)) return MISSING;
    if (parts.slice(1).some((file) => file?.body.length === 0)) return INVALID;
    const file = this.files.get(target)!;
    file.body = Buffer.concat(parts.map((part) => part!.body));
    for (const path of sources) this.files.delete(path);
    return { status: 200 };
  }

  private list(path: string): FakeAnswer {
    if (!this.directories.has(path)) return MISSING;
    const inside = (name: string) => name !== '/' && posix.dirname(name) === path;
    const directories = [...this.directories].filter(inside).map((name) => ({
      pathSuffix: posix.basename(name),
      type: 'DIRECTORY',
      length: 0,
      modificationTime: this.changedMs(name),
    }));
    const files = [...this.files]
      .filter(([name]) => inside(name))
      .map(([name, { body, modifiedMs }]) => ({
        pathSuffix: posix.basename(name),
        type: 'FILE',
        length: body.length,
        modificationTime: modifiedMs,
      }));
    return { status: 200, json: { FileStatuses: { FileStatus: [...directories, ...files] } } };
  }

  /** Of a directory: the latest time of what lies in it. */
  private changedMs(directory: string): number {
    const inside = [...this.files].filter(([name]) => posix.dirname(name) === directory);
    return Math.max(0, ...inside.map(([, { modifiedMs }]) => modifiedMs));
  }

  private makeDirectory(path: string): void {
    for (let at = path; !this.directories.has(at); at = posix.dirname(at)) this.directories.add(at);
  }
}

function toAttribute([name, value]: [string, string]) {
  return { name, value: `0s${Buffer.from(value).toString('base64')}` };
}
