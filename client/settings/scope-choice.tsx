import { KeyScope } from '#shared/auth/scopes.ts'
import { useTranslation } from '../i18n/use-translation.ts'

type Props = { chosen: readonly KeyScope[]; onChoose(scopes: readonly KeyScope[]): void; error: string | undefined }

/** What a key may do of what its owner may: each scope in plain words. */
export function ScopeChoice({ chosen, onChoose, error }: Props) {
  const { t } = useTranslation('settings')
  return (
    <fieldset className="mt-3">
      <legend className="text-ui font-label">{t('keyScopes')}</legend>
      {KeyScope.options.map((scope) => (
        <label key={scope} className="mt-2 flex w-fit items-start gap-2.5 text-ui">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ target }) => onChoose(KeyScope.options.filter((one) => (one === scope ? target.checked : chosen.includes(one))))}
            aria-label={t(`scope.${scope}`)}
            aria-describedby={`scope-${scope}`}
            className="mt-0.5 size-4 accent-(--accent) pointer-coarse:size-6"
          />
          <span>
            {t(`scope.${scope}`)}
            <span id={`scope-${scope}`} className="block text-small text-fg-3">
              {t(`scopeText.${scope}`)}
            </span>
          </span>
        </label>
      ))}
      {error && (
        <p role="alert" className="mt-1 text-small text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}
