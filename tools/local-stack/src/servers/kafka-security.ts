import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jdkProgram } from '../java/jdk.ts';
import { type ServerContext } from './server-context.ts';

/** The way into Kafka with TLS and login. */
export interface SecureKafka {
  /** Whom the brokers take an app for that goes this way; ACLs name it. */
  readonly principal: string;
  /** What an app needs in its environment to go this way; wins over the stack's addresses. */
  readonly environment: Readonly<Record<string, string>>;
}

type Stack = Pick<ServerContext, 'ports' | 'stateFolder'>;

// Known to everybody: it protects a listener on loopback that lives as long as a test.
const LOGIN = { user: 'pipeline', password: 'local-stack-only', mechanism: 'SCRAM-SHA-512' };

export function secureKafka({ ports, stateFolder }: Stack): SecureKafka | undefined {
  if (ports.kafkaSecure.length === 0) return undefined;
  return {
    principal: `User:${LOGIN.user}`,
    environment: {
      KAFKA_BROKERS: ports.kafkaSecure.map((port) => `127.0.0.1:${port}`).join(','),
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA_FILE: files(stateFolder).certificate,
      KAFKA_SASL_MECHANISM: LOGIN.mechanism.toLowerCase(),
      KAFKA_SASL_USERNAME: LOGIN.user,
      KAFKA_SASL_PASSWORD: LOGIN.password,
    },
  };
}

/** What a secure listener adds to `server.properties`; nothing where there is none. */
export function secureListener({ ports, stateFolder }: Stack, index: number) {
  const port = ports.kafkaSecure[index];
  if (port === undefined) return { addresses: [], protocols: [], settings: {} };
  return {
    addresses: [`SECURE://127.0.0.1:${port}`],
    protocols: ['SECURE:SASL_SSL'],
    settings: {
      'ssl.keystore.location': files(stateFolder).keystore,
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.password': LOGIN.password,
      'sasl.enabled.mechanisms': LOGIN.mechanism,
      // Nothing is forbidden until a test forbids it to the login; whoever comes without one may do everything.
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': true,
      'listener.name.secure.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
  };
}

/** The user, as `StorageTool format --add-scram` takes it. */
export function scramUser(): string {
  return `${LOGIN.mechanism}=[name=${LOGIN.user},password=${LOGIN.password}]`;
}

/** A key pair for 127.0.0.1 that signs itself, and its certificate for the clients. Once for all brokers of a stack. */
export async function makeCertificate({ runtime, stateFolder }: ServerContext): Promise<void> {
  const { keystore, certificate } = files(stateFolder);
  if (existsSync(certificate)) return;
  const keytool = jdkProgram(runtime.jdk, 'keytool');
  const store = [
    '-keystore',
    keystore,
    '-storetype',
    'PKCS12',
    '-storepass',
    LOGIN.password,
    '-alias',
    'broker',
  ];
  const subject = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-validity', '30'];
  await execa(keytool, ['-genkeypair', '-keyalg', 'EC', ...subject, ...store]);
  await execa(keytool, ['-exportcert', '-rfc', '-file', certificate, ...store]);
}

function files(stateFolder: string) {
  return { keystore: join(stateFolder, 'kafka.p12'), certificate: join(stateFolder, 'kafka-ca.crt') };
}
