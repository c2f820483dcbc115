import { hasSecret } from '#lib/secrets/derive.ts'
import { isSecretInUse } from '#lib/secrets/known-secret.ts'
import { secretIds } from '#lib/secrets/sealing.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { type Subject, withRuntime } from './subject.ts'

const CHECK = 'secret'
const DOCUMENT = 'docs/operating.md, "Secrets"'

/** Whether the secret of this machine is that of the database, and whether every instance has the same. */
export async function checkSecretOfDatabase(subject: Subject): Promise<Finding[]> {
  const { client, config } = subject
  const { rows } = await client.query<{ secret_id: string; previous_id: string | null }>(
    'SELECT secret_id, previous_id FROM known_secret',
  )
  const [known] = rows
  // A file that is made now could not be the right one.
  const ids = await withRuntime(config, () => (hasSecret() ? secretIds() : []))
  const [current] = ids
  const others = checkOthers(subject)
  if (known === undefined)
    return others.length > 0 ? others : [ok(CHECK, 'Nothing is sealed with a secret yet.')]
  if (current === undefined || !(ids.includes(known.secret_id) || known.previous_id === current)) {
    if (!(await isSecretInUse(client))) return others
    const has =
      current === undefined ? 'this machine has none' : `this machine has another one (id ${current})`
    return [
      problem(CHECK, `The database works with the secret ${known.secret_id}, and ${has}.`, {
        remedy:
          'Set the INCIPIT_SECRET that the other instances have, or put the file `secret` back into the data folder; if it is lost: npm run secrets:rotate -- --lost.',
        document: DOCUMENT,
      }),
      ...others,
    ]
  }
  const from = config.keys.secret === undefined ? `the file in ${config.dataDir}` : 'INCIPIT_SECRET'
  return [ok(CHECK, `The secret (${from}) is that of the database.`), ...others]
}

/** Instances on several hosts that do not get their secret from the environment would each make one. */
function checkOthers({ instances }: Subject): Finding[] {
  const own = instances.filter(({ secret }) => secret !== 'environment')
  const hosts = new Set(instances.map(({ host }) => host))
  if (hosts.size < 2 || own.length === 0) return []
  const named = [...new Set(own.map(({ host }) => host))].join(', ')
  return [
    warning(CHECK, `Instances run on ${hosts.size} hosts, and those on ${named} have no INCIPIT_SECRET.`, {
      remedy:
        'Set the same INCIPIT_SECRET on every host: each would make a file of its own, which opens nothing of the others.',
      document: DOCUMENT,
    }),
  ]
}
