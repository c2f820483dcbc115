'use client'

import { ArrowUp, Maximize2, WrapText } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { type Calls, CopyAs } from './copy-as.tsx'
import { PreviewNotice } from './preview-notice.tsx'
import { PreviewText } from './preview-text.tsx'
import { TextFacts } from './text-facts.tsx'
import type { Live } from './use-live-render.ts'

const FullScreen = dialogPart(
  async () => (await import('./full-screen.tsx')).FullScreen,
  ({ onClose }) => onClose(),
)

interface PreviewProps {
  live: Live
  isChat: boolean
  calls: Calls
  className: string
  onGoTo: (variable: string) => void
}

/** What the draft becomes, or what is still needed; and the ways to take it along. */
export function Preview({ live, isChat, calls, className, onGoTo }: PreviewProps) {
  const [wraps, setWraps] = useState(true)
  const [isExpanded, setExpanded] = useState(false)
  const { outcome, shown } = live
  const isWhole = outcome?.state === 'rendered'
  return (
    <section
      aria-labelledby="preview-heading"
      className={classNames('flex min-w-0 scroll-mt-16 flex-col', className)}
    >
      <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="preview-heading" className="font-serif text-xl">
          Preview
        </h2>
        <div className="ml-auto flex flex-wrap items-center justify-end gap-1">
          <Button
            look="quiet"
            square
            aria-label="Wrap long lines"
            aria-pressed={wraps}
            className={classNames(wraps && 'text-lapis')}
            onPress={() => setWraps(!wraps)}
          >
            <WrapText aria-hidden="true" />
          </Button>
          <Button
            look="quiet"
            square
            aria-label="Full screen"
            isDisabled={shown === undefined}
            onPress={() => setExpanded(true)}
          >
            <Maximize2 aria-hidden="true" />
          </Button>
          <CopyAs rendered={isWhole ? outcome : undefined} calls={calls} />
        </div>
      </div>
      <ScrollRegion
        name="Rendered text"
        className="min-h-40 rounded-xl border border-line bg-surface px-4 py-5 max-h-[80dvh] overflow-y-auto sm:px-6 roomy:max-h-none roomy:flex-1"
      >
        <Shown live={live} isChat={isChat} wraps={wraps} onGoTo={onGoTo} />
      </ScrollRegion>
      <Below live={live} isChat={isChat} />
      {isExpanded && shown && (
        <FullScreen onClose={() => setExpanded(false)} rendered={shown} isChat={isChat} wraps={wraps} />
      )}
    </section>
  )
}

function Shown({
  live: { outcome, shown, isWaiting },
  isChat,
  wraps,
  onGoTo,
}: { live: Live; wraps: boolean } & Pick<PreviewProps, 'isChat' | 'onGoTo'>) {
  const notice = outcome !== undefined && outcome.state !== 'rendered' ? outcome : undefined
  // An empty result tells less than why there is no other.
  if (shown === undefined || (notice !== undefined && isEmpty(shown)))
    return notice === undefined ? <Coming /> : <PreviewNotice outcome={notice} onGoTo={onGoTo} />
  const isOld = notice !== undefined || isWaiting
  // There is no last result to look back at.
  if (notice && isEmpty(shown)) return <PreviewNotice outcome={notice} onGoTo={onGoTo} />
  return (
    <>
      {notice && (
        <div className="mb-5 border-line border-b pb-4">
          <PreviewNotice outcome={notice} onGoTo={onGoTo} />
        </div>
      )}
      {isOld && (
        <p className="mb-3 text-ink-faint text-xs">
          {notice ? 'The last result, from before:' : 'The last result, while the server renders:'}
        </p>
      )}
      {!isOld && isEmpty(shown) && (
        <p className="mb-3 text-ink-faint text-sm">
          Nothing yet. What the prompt says appears here, as agents get it.
        </p>
      )}
      <div data-old={isOld ? '' : undefined} className="data-old:text-ink-faint">
        <PreviewText rendered={shown} isChat={isChat && shown.messages.length > 0} wraps={wraps} />
      </div>
    </>
  )
}

function isEmpty({ content, messages }: NonNullable<Live['shown']>): boolean {
  return content === '' && messages.every((message) => message.content === '')
}

function Coming() {
  return (
    <div className="flex flex-col gap-3" aria-busy="true">
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-4 w-3/5" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  )
}

/** How much text it is, and what it was made of. */
function Below({ live: { shown, includes, by }, isChat }: { live: Live; isChat: boolean }) {
  return (
    <div className="mt-2 flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-ink-faint text-xs tabular-nums">
      {shown && <TextFacts rendered={shown} isChat={isChat} />}
      {includes.length > 0 && (
        <span className="break-all">
          Includes {includes.map(({ name, version }) => `${name} v${version}`).join(', ')}
        </span>
      )}
      {by === 'server' && <span>Rendered by the server: too much for the page while you type</span>}
      <a href="#editor" className={classNames(buttonClass('quiet'), 'ml-auto lg:hidden')}>
        <ArrowUp aria-hidden="true" />
        To the editor
      </a>
    </div>
  )
}
