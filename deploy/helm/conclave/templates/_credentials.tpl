{{/*
Credentials. Each lies in a Secret of its section (`database`, `nats`, …): one of the operator's own (`existingSecret`), or
one that the release keeps (made by secretsInit or by External Secrets). Values never hold a credential, templates never
make one: rendering twice gives the same bytes.
*/}}

{{/*
Every section: name of its Secret, whether it is the operator's own, and of each key its name and kind. `needed` says
whether this installation uses the section at all, `generated` whether a made-up value could work: nobody can make up the
password of a database that is there already.
*/}}
{{- define "conclave.sections" -}}
{{- $v := .Values -}}
{{- $full := include "conclave.fullname" . -}}
{{- $media := ne $v.livekit.mode "external" -}}
{{- $sections := dict
  "database" (dict "value" $v.database "path" "database" "needed" true "generated" $v.database.bundled.enabled "kinds"
    (dict "auth" "password" "rooms" "password" "roomsKeys" "password" "files" "password" "filesKeys" "password"))
  "nats" (dict "value" $v.nats "path" "nats" "needed" true "generated" true "kinds"
    (merge (dict "auth" "nkey-user-seed" "rooms" "nkey-user-seed" "files" "nkey-user-seed" "gateway" "nkey-user-seed")
      (ternary (dict "authorization" "nats-authorization") (dict) $v.nats.bundled.enabled)))
  "object-storage" (dict "value" $v.objectStorage "path" "objectStorage" "needed" true "generated" $v.objectStorage.bundled.enabled "kinds"
    (dict "accessKey" "access-key" "secretKey" "password"))
  "livekit" (dict "value" $v.livekit.keys "path" "livekit.keys" "needed" true "generated" $media "kinds"
    (merge (dict "apiKey" "access-key" "apiSecret" "password" "webhookKey" "access-key" "webhookSecret" "password")
      (ternary (dict "keysFile" "livekit-keys") (dict) $media)))
  "auth" (dict "value" $v.auth "path" "auth" "needed" $v.auth.enabled "generated" true "kinds"
    (dict "tokenPepper" "base64-32" "signingKey" "p256-pkcs8-pem"))
  "mail" (dict "value" $v.mail "path" "mail" "needed" (and (ne $v.mail.smtpUrl "") (ne $v.mail.user "")) "generated" false "kinds"
    (dict "password" "password"))
  "rooms" (dict "value" $v.rooms "path" "rooms" "needed" $v.rooms.enabled "generated" true "kinds"
    (dict "tokenPepper" "base64-32"))
  "files" (dict "value" $v.files "path" "files" "needed" $v.files.enabled "generated" true "kinds"
    (dict "hopTokenKey" "base64-32"))
  "redis" (dict "value" $v.redis "path" "redis" "needed" (and $media (eq (include "conclave.redis.password" .) "true")) "generated" $v.redis.bundled.enabled "kinds"
    (dict "password" "password"))
  "postgres" (dict "value" $v.database.bundled "path" "database.bundled" "needed" $v.database.bundled.enabled "generated" true "kinds"
    (dict "superuser" "password"))
  "minio" (dict "value" $v.objectStorage.bundled "path" "objectStorage.bundled" "needed" $v.objectStorage.bundled.enabled "generated" true "kinds"
    (dict "rootUser" "access-key" "rootPassword" "password"))
-}}
{{- range $service := list "rooms" "files" }}
{{- $keks := dict -}}
{{- $names := dict -}}
{{- $kek := index $v.encryption $service -}}
{{- range $kek.keys }}{{ $_ := set $keks . "base64-32" }}{{ $_ := set $names . . }}{{ end -}}
{{- $_ := set $sections (printf "%s-kek" $service) (dict "value" (dict "existingSecret" $kek.existingSecret "existingSecretKeys" $names)
    "path" (printf "encryption.%s" $service) "needed" (index $v $service).enabled "generated" true "keep" true "kinds" $keks) -}}
{{- end -}}
{{- $result := dict -}}
{{- range $section, $of := $sections }}
{{- $_ := set $result $section (dict
      "name" ($of.value.existingSecret | default (printf "%s-%s" $full $section))
      "own" (ne ($of.value.existingSecret | default "") "")
      "keyNames" $of.value.existingSecretKeys
      "path" $of.path "needed" $of.needed "generated" $of.generated "keep" ($of.keep | default false) "kinds" $of.kinds) -}}
{{- end -}}
{{- $result | toJson -}}
{{- end -}}

{{/* "true" where Redis wants a password. */}}
{{- define "conclave.redis.password" -}}
{{- or .Values.redis.bundled.enabled (ne .Values.redis.existingSecret "") -}}
{{- end -}}

{{/* Where one credential lies, as JSON {name, key}: (list $ "database" "rooms"). */}}
{{- define "conclave.secretRef" -}}
{{- $section := index (include "conclave.sections" (index . 0) | fromJson) (index . 1) -}}
{{- $key := index $section.keyNames (index . 2) | required (printf "%s.existingSecretKeys.%s is empty: name the key of Secret %q that holds it." $section.path (index . 2) $section.name) -}}
{{- dict "name" $section.name "key" $key | toJson -}}
{{- end -}}

{{/*
The credentials of a service, as a list of {env, section, id}: (list $ "rooms" "all"). Purpose "migrate" gives those of
its database only: whoever migrates has no business with keys and peppers.
*/}}
{{- define "conclave.serviceCredentials" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $all := eq (index . 2) "all" -}}
{{- $list := list -}}
{{- if ne $service "gateway" -}}
{{- $list = append $list (dict "env" "DATABASE_PASSWORD_FILE" "section" "database" "id" $service) -}}
{{- end -}}
{{- if has $service (list "rooms" "files") -}}
{{- $list = append $list (dict "env" "KEYS_DATABASE_PASSWORD_FILE" "section" "database" "id" (printf "%sKeys" $service)) -}}
{{- end -}}
{{- if $all -}}
{{- $list = append $list (dict "env" "NATS_NKEY_SEED_FILE" "section" "nats" "id" $service) -}}
{{- if eq $service "auth" -}}
{{- $list = append $list (dict "env" "TOKEN_PEPPER_FILE" "section" "auth" "id" "tokenPepper") -}}
{{- $list = append $list (dict "env" "SIGNING_KEY_FILE" "section" "auth" "id" "signingKey") -}}
{{- if and $root.Values.mail.smtpUrl $root.Values.mail.user -}}
{{- $list = append $list (dict "env" "SMTP_PASSWORD_FILE" "section" "mail" "id" "password") -}}
{{- end -}}
{{- if $root.Values.auth.existingSecretKeys.signingKeyPrevious -}}
{{- $list = append $list (dict "env" "SIGNING_KEY_PREVIOUS_FILE" "section" "auth" "id" "signingKeyPrevious") -}}
{{- end -}}
{{- else if eq $service "rooms" -}}
{{- $list = append $list (dict "env" "TOKEN_PEPPER_FILE" "section" "rooms" "id" "tokenPepper") -}}
{{- $list = append $list (dict "env" "LIVEKIT_API_KEY_FILE" "section" "livekit" "id" "apiKey") -}}
{{- $list = append $list (dict "env" "LIVEKIT_API_SECRET_FILE" "section" "livekit" "id" "apiSecret") -}}
{{- $list = append $list (dict "env" "LIVEKIT_WEBHOOK_KEY_FILE" "section" "livekit" "id" "webhookKey") -}}
{{- $list = append $list (dict "env" "LIVEKIT_WEBHOOK_SECRET_FILE" "section" "livekit" "id" "webhookSecret") -}}
{{- else if eq $service "files" -}}
{{- $list = append $list (dict "env" "S3_ACCESS_KEY_FILE" "section" "object-storage" "id" "accessKey") -}}
{{- $list = append $list (dict "env" "S3_SECRET_KEY_FILE" "section" "object-storage" "id" "secretKey") -}}
{{- if $root.Values.objectStorage.existingSecretKeys.sessionToken -}}
{{- $list = append $list (dict "env" "S3_SESSION_TOKEN_FILE" "section" "object-storage" "id" "sessionToken") -}}
{{- end -}}
{{- $list = append $list (dict "env" "HOP_TOKEN_KEY_FILE" "section" "files" "id" "hopTokenKey") -}}
{{- end -}}
{{- end -}}
{{- $list | toJson -}}
{{- end -}}

{{/* Environment that says in which file each credential lies: (list $ list-of-credentials-as-json). */}}
{{- define "conclave.credentialEnv" -}}
{{- range index . 1 | fromJsonArray }}
- name: {{ .env }}
  value: {{ include "conclave.credentialFile" .env | printf "/etc/conclave/secrets/%s" }}
{{- end }}
{{- end -}}

{{/* DATABASE_PASSWORD_FILE -> database-password */}}
{{- define "conclave.credentialFile" -}}
{{- . | trimSuffix "_FILE" | lower | replace "_" "-" -}}
{{- end -}}

{{/* One volume with a file per credential and nothing else of those Secrets; the group may read, others may not. */}}
{{- define "conclave.credentialVolume" -}}
{{- $root := index . 0 -}}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- range index . 1 | fromJsonArray }}
      {{- $ref := include "conclave.secretRef" (list $root .section .id) | fromJson }}
      - secret:
          name: {{ $ref.name | quote }}
          items:
            - { key: {{ $ref.key | quote }}, path: {{ include "conclave.credentialFile" .env }} }
      {{- end }}
{{- end -}}

{{/* The KEKs of a service, one file a version; a version that the Secret does not hold keeps the pod from starting. */}}
{{- define "conclave.kekVolume" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
{{- $section := index (include "conclave.sections" $root | fromJson) (printf "%s-kek" $service) -}}
- name: kek
  secret:
    secretName: {{ $section.name | quote }}
    defaultMode: 0440
    items:
      {{- range (index $root.Values.encryption $service).keys }}
      - { key: {{ . | quote }}, path: {{ . | quote }} }
      {{- end }}
{{- end -}}
