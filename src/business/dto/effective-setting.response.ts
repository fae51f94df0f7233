import { Out } from '../../common/fields/response.fields.js';
import {
  SETTING_ORIGINS,
  type EffectiveSetting,
  type SettingOrigin,
} from '../../config/effective-settings.js';

/** One setting, what it is and where that comes from. */
export class EffectiveSettingResponse implements EffectiveSetting {
  @Out.text({ description: 'An environment variable, or a field of `GET /admin/settings`' }) name!: string;
  @Out.text({ nullable: true, description: 'As text; `•••` for a secret that is set, null for nothing' })
  value!: string | null;
  @Out.oneOf(SETTING_ORIGINS) origin!: SettingOrigin;
}

/** Everything that is in force. */
export class EffectiveSettingsResponse {
  @Out.list(() => EffectiveSettingResponse) settings!: EffectiveSettingResponse[];

  static from(settings: EffectiveSetting[]): EffectiveSettingsResponse {
    return Object.assign(new EffectiveSettingsResponse(), { settings });
  }
}
