'use client'

import { useQuery } from '@tanstack/react-query'
import { Bell as BellSign } from 'lucide-react'
import { useMay } from '#components/access/person.tsx'
import { useNews } from '#components/changes/use-news.ts'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { part } from '#components/ui/part.ts'
import { bellQuery } from './queries.ts'

const loadPanel = part(() => import('./bell-panel.tsx'))
const NEWS_REST_MS = 2000
const MOST = 99

/** The bell in the frame of every page, for who may see what was used. */
export function Bell() {
  return useMay('usage:read') ? <OwnBell /> : null
}

function OwnBell() {
  const bell = useQuery(bellQuery)
  useNews('alerts', () => bell.refetch(), NEWS_REST_MS)
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  const { firing = 0, unread = 0 } = bell.data ?? {}
  const count = Math.max(firing, unread)
  return (
    <>
      <Button {...button} look="quiet" square aria-label={nameOf(firing, unread)} className="relative">
        <BellSign aria-hidden="true" />
        {count > 0 && (
          <span
            aria-hidden="true"
            className={classNames(
              'absolute -top-0.5 -right-0.5 grid h-4 min-w-4 place-items-center rounded-full px-1 font-medium text-2xs',
              firing > 0 ? 'bg-rubric text-paper' : 'bg-lapis text-paper',
            )}
          >
            {count > MOST ? `${MOST}+` : count}
          </span>
        )}
      </Button>
      <output className="sr-only">
        {firing > 0 ? `${counted(firing, 'alert fires', 'alerts fire')}.` : ''}
      </output>
      {panel && <panel.BellPanel popup={popup} reading={bell} />}
    </>
  )
}

function nameOf(firing: number, unread: number): string {
  const parts = [firing > 0 ? `${firing} firing` : '', unread > 0 ? `${unread} unread` : ''].filter(Boolean)
  return parts.length === 0 ? 'Alerts' : `Alerts: ${parts.join(', ')}`
}
