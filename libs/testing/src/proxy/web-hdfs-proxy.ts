import { FaultProxy, type ProxiedAnswer, type ProxiedRequest, type Route } from './fault-proxy.ts';

/** Path prefix under which a DataNode's address is hidden: `/@127.0.0.1:9864/webhdfs/v1/…`. */
const DATA_NODE = /^\/@([^/]+)(\/.*)$/;

/**
 * A proxy for WebHDFS. The NameNode's redirects lead back to the proxy, so that what goes to the DataNodes can be
 * harmed as well.
 */
export async function startWebHdfsProxy(webHdfsUrl: string): Promise<FaultProxy> {
  const proxy: FaultProxy = new FaultProxy({
    route: (path) => routeOf(webHdfsUrl, path),
    adapt: (answer) => throughProxy(answer, proxy.url),
  });
  await proxy.listen();
  return proxy;
}

/** The operation of a request, such as `RENAME`; of an upload to a DataNode `CREATE` with `toDataNode`. */
export function webHdfsOperation({ path }: Pick<ProxiedRequest, 'path'>): {
  readonly operation: string;
  readonly toDataNode: boolean;
} {
  const { searchParams } = new URL(path, 'http://proxy');
  return {
    operation: (searchParams.get('op') ?? '').toUpperCase(),
    toDataNode: searchParams.has('namenoderpcaddress'),
  };
}

function routeOf(nameNode: string, path: string): Route {
  const dataNode = DATA_NODE.exec(path);
  return dataNode
    ? { origin: `http://${dataNode[1]}`, path: dataNode[2] ?? '/' }
    : { origin: nameNode, path };
}

function throughProxy(answer: ProxiedAnswer, proxyUrl: string): ProxiedAnswer {
  const { location } = answer.headers;
  if (typeof location !== 'string') return answer;
  const { host, pathname, search } = new URL(location);
  return { ...answer, headers: { ...answer.headers, location: `${proxyUrl}/@${host}${pathname}${search}` } };
}
