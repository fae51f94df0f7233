import { Out } from '../../common/fields/response.fields.js';
import type { Preview } from '../template-previews.service.js';
import type { TemplateView, VersionView } from '../templates.service.js';
import {
  MESSAGE_CHANNELS,
  TEMPLATE_NAMES,
  type MessageChannel,
  type TemplateName,
} from '../text/families.js';
import type { Wording } from '../text/publishable.js';
import { variablesFor } from '../text/variables.js';

const SUBJECT = {
  nullable: true,
  example: 'Confirmed: Haircut on Monday, March 4',
  description: 'Null for texts',
};

/** Words that are being written. */
export class TemplateDraftResponse {
  @Out.text(SUBJECT) subject!: string | null;
  @Out.text() body!: string;

  static from(this: void, { subject, body }: Wording): TemplateDraftResponse {
    return { subject, body };
  }
}

/** Words that are or were in force. */
export class TemplateVersionResponse extends TemplateDraftResponse {
  @Out.int({ description: '1 is what the product ships with' }) number!: number;
  @Out.instant({ nullable: true, description: 'Null for what the product ships with' })
  publishedAt!: string | null;
  @Out.int({ nullable: true, example: 1, description: 'The earlier version it says again' })
  restores!: number | null;

  static override from(
    this: void,
    { number, subject, body, publishedAt, restores }: VersionView,
  ): TemplateVersionResponse {
    return { number, subject, body, publishedAt: publishedAt?.toISOString() ?? null, restores };
  }
}

/** A message's wording on one channel in one language. */
export class TemplateResponse {
  @Out.text({ example: 'sms.booking_confirmed.en' }) key!: string;
  @Out.oneOf(MESSAGE_CHANNELS) channel!: MessageChannel;
  @Out.oneOf(TEMPLATE_NAMES) name!: TemplateName;
  @Out.text({ example: 'en' }) language!: string;
  @Out.texts({ example: ['name', 'service', 'date'], description: 'Known to this message' })
  variables!: string[];
  @Out.int({ description: 'Counts changes; 0 before the first' }) version!: number;
  @Out.object(() => TemplateVersionResponse, {
    nullable: true,
    description: 'In force; null: the English one is',
  })
  published!: TemplateVersionResponse | null;
  @Out.object(() => TemplateDraftResponse, { nullable: true }) draft!: TemplateDraftResponse | null;

  static from(this: void, { key, version, published, draft }: TemplateView): TemplateResponse {
    return {
      ...{ key: key.key, channel: key.channel, name: key.name, language: key.language, version },
      variables: [...variablesFor(key.name)],
      published: published && TemplateVersionResponse.from(published),
      draft: draft && TemplateDraftResponse.from(draft),
    };
  }
}

/** A template with everything that ever was in force. */
export class TemplateHistoryResponse extends TemplateResponse {
  @Out.list(() => TemplateVersionResponse, { description: 'Newest first' })
  versions!: TemplateVersionResponse[];

  static override from(this: void, view: TemplateView): TemplateHistoryResponse {
    return { ...TemplateResponse.from(view), versions: view.versions.map(TemplateVersionResponse.from) };
  }
}

/** All templates. */
export class TemplatesResponse {
  @Out.list(() => TemplateResponse) data!: TemplateResponse[];

  static from(views: readonly TemplateView[]): TemplatesResponse {
    return { data: views.map(TemplateResponse.from) };
  }
}

/** A wording with made-up data, as it would be sent. */
export class TemplatePreviewResponse extends TemplateDraftResponse {
  @Out.int({ example: 96 }) characters!: number;
  @Out.int({ nullable: true, example: 1, description: 'What a text costs; null for e-mails' }) segments!:
    | number
    | null;

  static override from(
    this: void,
    { subject, body, characters, segments }: Preview,
  ): TemplatePreviewResponse {
    return { subject, body, characters, segments };
  }
}
