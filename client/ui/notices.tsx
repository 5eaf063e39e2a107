import { Toaster } from 'sonner'

/** Where passing notices show: above the tabs of a phone, at the lower right elsewhere. */
export default function Notices() {
  return (
    <Toaster
      position="bottom-right"
      style={{ fontFamily: 'inherit' }}
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: 'flex w-full items-start gap-2.5 rounded-lg bg-raised px-3.5 py-2.5 text-ui text-fg shadow-pop [&_svg]:mt-0.5 [&_svg]:size-4',
          description: 'text-small text-fg-3',
          error: '[&_[data-icon]]:text-danger',
          success: '[&_[data-icon]]:text-ok',
        },
      }}
    />
  )
}
