/** A Java properties file. */
export function propertiesText(entries: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** A flat YAML file: a JSON string is a YAML string. */
export function yamlText(entries: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** A Hadoop configuration file. */
export function hadoopText(entries: Readonly<Record<string, string | number | boolean>>): string {
  const properties = Object.entries(entries).map(
    ([name, value]) => `<property><name>${xml(name)}</name><value>${xml(String(value))}</value></property>\n`,
  );
  return `<configuration>\n${properties.join('')}</configuration>\n`;
}

function xml(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

export interface QuietLoggers {
  /** Loggers whose warnings say nothing about this stack; their errors are kept. */
  readonly quiet: readonly string[];
}

/** Log4j 2 properties: one line per event, on standard output unless told otherwise, level second. */
export function log4j2Text({
  quiet,
  level = 'info',
  target = 'SYSTEM_OUT',
}: QuietLoggers & { readonly level?: string; readonly target?: string }): string {
  return propertiesText({
    status: 'error',
    'appender.console.type': 'Console',
    'appender.console.name': 'console',
    'appender.console.target': target,
    'appender.console.layout.type': 'PatternLayout',
    'appender.console.layout.pattern': '%d{ISO8601} %-5p %c{1} - %m%n',
    'rootLogger.level': level,
    'rootLogger.appenderRef.console.ref': 'console',
    ...Object.fromEntries(
      quiet.flatMap((name, index) => [
        [`logger.quiet${index}.name`, name],
        [`logger.quiet${index}.level`, 'error'],
      ]),
    ),
  });
}

/** The same for Log4j 1 (reload4j), which Hadoop uses. */
export function log4j1Text({ quiet, target }: QuietLoggers & { readonly target: string }): string {
  return propertiesText({
    'log4j.rootLogger': 'INFO,console',
    'log4j.appender.console': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.console.target': target,
    'log4j.appender.console.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.console.layout.ConversionPattern': '%d{ISO8601} %-5p %c{1} - %m%n',
    ...Object.fromEntries(quiet.map((name) => [`log4j.logger.${name}`, 'ERROR'])),
  });
}
