/** The only place of the client that reads the environment. */

/** A variable that is set to something. */
export function setting(name: 'INCIPIT_URL' | 'INCIPIT_API_KEY' | 'INCIPIT_PROFILE'): string | undefined {
  return textOf(process.env[name])
}

/** Where programs keep settings of a person; undefined: beside everything else in the home folder. */
export function settingsFolder(): string | undefined {
  return textOf(process.platform === 'win32' ? process.env.APPDATA : process.env.XDG_CONFIG_HOME)
}

/** What people say about colours everywhere (no-color.org, force-color.org). */
export function wantsColours(isTerminal: boolean): boolean {
  if (textOf(process.env.NO_COLOR) !== undefined) return false
  return textOf(process.env.FORCE_COLOR) !== undefined || isTerminal
}

/** Whether requests are to go through a proxy, as curl and others read it. */
export function proxyIsSet(): boolean {
  const { HTTP_PROXY, HTTPS_PROXY, http_proxy, https_proxy } = process.env
  return [HTTP_PROXY, HTTPS_PROXY, http_proxy, https_proxy].some((each) => textOf(each) !== undefined)
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value
}
