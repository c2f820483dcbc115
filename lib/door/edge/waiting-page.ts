import { escapeHtml, type PlainPage, plainPages } from './plain-page.ts'

/** Asks whether the server is ready, and loads the page again once it is. */
const page = plainPages(`const look=async()=>{
  const ready=await fetch('/health/ready',{cache:'no-store'}).then((answer)=>answer.ok,()=>false)
  if(ready)location.reload()
  else setTimeout(look,wait)
}
setTimeout(look,wait)`)

/**
 * The page that is shown while pages cannot be made: it loads itself again as soon as they can.
 * @param reason a sentence for people, as an error carries it
 * @param retryAfter seconds between its questions
 */
export function waitingPage(reason: string, retryAfter: number): PlainPage {
  return page({
    title: 'One moment',
    body: `<p role="status">${escapeHtml(reason)}</p>
<p>Nothing that was saved is lost. This page comes back by itself as soon as it can be shown. <a href="">Try again now</a></p>`,
    retryAfter,
  })
}
