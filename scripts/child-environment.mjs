/** What a program of Windows needs to find its own libraries and its folder for temporary files. */
const windowsNames = ['SystemRoot', 'TEMP', 'TMP']

/**
 * The environment of a program that needs nothing of ours, such as PostgreSQL: where programs are, the
 * language of its messages, the time zone. Every process of the same account can read a process's environment.
 * @param {Record<string, string | undefined>} [environment]
 * @returns {Record<string, string>}
 */
export function bareEnvironment(environment = process.env) {
  const names = ['PATH', 'TZ', ...(process.platform === 'win32' ? windowsNames : [])]
  const kept = names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

/**
 * This environment without what only the app needs: keys, secrets, the database's address. For npm and the
 * build tools, which run other people's code and have settings of their own, such as proxies and certificates.
 * @param {Record<string, string | undefined>} [environment]
 * @returns {Record<string, string | undefined>}
 */
export function withoutSecrets(environment = process.env) {
  const secret = /^(?:INCIPIT_(?!DIST_DIR$)|INNGEST_|DATABASE_URL$|SENTRY_DSN$|PG)|_API_KEY$/i
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.test(name)))
}
