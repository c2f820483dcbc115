/** What to do about a failure, in plain words, and where. */
export interface Remedy {
  /** What happened, in a few words. */
  name: string
  advice: string
  link: { href: string; label: string }
}

const CONFIGURATIONS = { href: '/settings/ai', label: 'To the configurations' }
const SYSTEM = { href: '/settings/system', label: 'To the state of the system' }
const MEMBERS = { href: '/settings/members', label: 'To the members' }

const remedy = (name: string, advice: string, link: Remedy['link'] = CONFIGURATIONS): Remedy => ({
  name,
  advice,
  link,
})

/** By the code of the failure: every code that a generation or an attempt can end with. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  unauthorized: remedy(
    'Key refused',
    'The provider refused the key. Check the key of the configuration in the settings, then retry.',
  ),
  missing_key: remedy('No key', 'Give the configuration a key in the settings, then retry.'),
  rate_limited: remedy(
    'Too many requests',
    'The provider takes no more requests for now. Wait a little and retry, or run it with another configuration; a fallback does that by itself.',
  ),
  overloaded: remedy(
    'Provider overloaded',
    'The provider has too much to do. Retry, or run it with another configuration.',
  ),
  server_error: remedy(
    'Error at the provider',
    'Something went wrong at the provider. Retry; if it stays so, look at the provider’s status page or run it with another configuration.',
  ),
  limit_reached: remedy(
    'Limit of the configuration',
    'Wait a little and retry, or raise the limit of the configuration in the settings.',
  ),
  quota_exceeded: remedy(
    'Quota used up',
    'Raise the quota of the configuration in the settings, or run it with another one. A quota begins anew on the first of the month.',
  ),
  timeout: remedy(
    'Too slow',
    'The answer did not come in time. Retry, ask for a shorter answer, or run it with a faster configuration.',
  ),
  unreachable: remedy(
    'Not reached',
    'Check the address of the configuration in the settings, and whether the provider is up.',
  ),
  bad_answer: remedy(
    'Unreadable answer',
    'The provider answered something that is no answer of its interface. Check that address and interface of the configuration fit each other, then retry.',
  ),
  breaker_open: remedy(
    'Provider left alone',
    'The provider failed several times in a row and is left alone for a while. Retry later, or give the configuration a fallback.',
  ),
  blocked_address: remedy(
    'Address not allowed',
    'The address of the configuration is not one that this server may call. Choose another, or ask who runs this server to allow it.',
  ),
  refused_request: remedy(
    'Request refused',
    'The provider did not take the request: check model and settings of the configuration, and what the version asks for.',
  ),
  too_large: remedy(
    'Too long',
    'Shorten the prompt or its values, or run it with a configuration that takes more.',
  ),
  content_filter: remedy(
    'Content filter',
    'The provider’s filter held the answer back. Change the prompt or its values, or run it with another configuration.',
  ),
  configuration_unusable: remedy(
    'Configuration gone',
    'Its configuration was deleted or switched off. Switch it on in the settings, or run it with another one.',
  ),
  provider_off: remedy(
    'Provider switched off',
    'This server does not offer the provider of this configuration. Run it with another one, or ask who runs this server.',
  ),
  cannot_render: remedy(
    'Not rendered',
    'The prompt could not be filled with these values. Compare them with the variables of the version, then run it anew.',
    { href: '/prompts', label: 'To the prompts' },
  ),
  forbidden: remedy(
    'Right withdrawn',
    'Who asked for it may not run generations any more. An admin can give the right back.',
    MEMBERS,
  ),
  interrupted: remedy(
    'Interrupted',
    'The process that made the call ended in the middle of it: a restart, say. Nothing was charged; retry.',
    SYSTEM,
  ),
  lost: remedy(
    'Lost',
    'Nobody worked on it any more. Retry; if it happens again, look whether the background work runs.',
    SYSTEM,
  ),
  not_started: remedy(
    'Never begun',
    'No process took it in time. Look whether the background work runs, then retry.',
    SYSTEM,
  ),
  not_kept: remedy(
    'Not kept',
    'The answer came, but the database could not keep it. Retry; if it happens again, look at the state of the system.',
    SYSTEM,
  ),
  running: remedy('Already running', 'Another process still made a call for it. Retry.', SYSTEM),
  internal: remedy(
    'Error here',
    'Something went wrong in this server itself, whose log has the details. Retry; if it happens again, tell who runs this server.',
    SYSTEM,
  ),
}

/** The codes that have a remedy of their own. */
export const KNOWN_FAILURES: readonly string[] = Object.keys(REMEDIES)

const ELSE = 'Retry, or run it with another configuration.'

/** What to do about a failure; a code that is not known gets what mostly helps. */
export function remedyOf(code: string): Remedy {
  return REMEDIES[code] ?? remedy(failureName(code), ELSE)
}

/** A code in words. */
export function failureName(code: string): string {
  const known = REMEDIES[code]?.name
  if (known !== undefined) return known
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
