const FILE = [
  [/ed25519/, "ssh_host_ed25519_key.pub"],
  [/ecdsa/, "ssh_host_ecdsa_key.pub"],
  [/rsa/, "ssh_host_rsa_key.pub"],
] as const;

/** What to type on the node's own console to see the fingerprint of its key of this algorithm. */
export function hostKeyCommand(algorithm: string): string {
  const file = FILE.find(([pattern]) => pattern.test(algorithm))?.[1] ?? "ssh_host_*_key.pub";
  return `ssh-keygen -lf /etc/ssh/${file}`;
}
