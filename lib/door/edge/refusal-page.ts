import { type AppError, ERROR_CATALOGUE } from '../../errors.ts'
import { escapeHtml, type PlainPage, plainPages } from './plain-page.ts'

/** Comes back once: pages of one browser not all in the same moment, which would be too many again. */
const page = plainPages('if(wait)setTimeout(()=>location.reload(),wait+1000*Math.random())')

/** What people are told that is refused; others are told the title of the error. */
const TITLES: Readonly<Record<number, string>> = {
  403: 'This is not open to you',
  429: 'Too many requests at once',
}

/** The page that a browser gets in the place of the one that it was refused. @param requestId finds it in the log */
export function refusalPage(error: AppError, requestId: string): PlainPage {
  const { status, title } = ERROR_CATALOGUE[error.code]
  const retryAfter = error.retryAfter === undefined ? undefined : Math.ceil(error.retryAfter)
  return page({
    title: TITLES[status] ?? title,
    body: `<p role="alert">${escapeHtml(error.message)}</p>
<p>${wayOn(error, retryAfter)} <a href="">Try again now</a></p>
<p><small>Request ${escapeHtml(requestId)}</small></p>`,
    retryAfter,
  })
}

function wayOn({ code, extra }: AppError, retryAfter: number | undefined): string {
  if (retryAfter !== undefined)
    return `Nothing that was saved is lost. This page comes back by itself in ${inWords(retryAfter)}.`
  if (extra.required_scope !== undefined) return 'An admin or an owner of this server can give you the right.'
  return code === 'forbidden'
    ? 'If it should be, tell whoever runs this server what stands here.'
    : 'If this stays, tell whoever runs this server what stands here.'
}

function inWords(seconds: number): string {
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
