/**
 * The address with a TLS mode that means the same in every version of the driver: prefer, require and verify-ca
 * check the server's certificate and name, as verify-full does. Today's driver takes them so and warns that a
 * later one will not.
 */
export function withCheckedTls(url: string): string {
  const mode = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/
  return url.includes('uselibpqcompat=true') ? url : url.replace(mode, '$1verify-full')
}
