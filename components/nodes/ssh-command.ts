/** What somebody types in a terminal of their own to reach a node. */
export function sshCommand({
  username,
  host,
  port,
}: {
  username: string;
  host: string;
  port: number;
}): string {
  const target = `${username}@${host}`;
  const isPlain = /^[\w.@:%-]+$/.test(target);
  return ["ssh", ...(port === 22 ? [] : ["-p", String(port)]), isPlain ? target : `'${target}'`].join(" ");
}
