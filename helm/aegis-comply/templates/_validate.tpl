{{/* What the schema cannot say, because it depends on several values: each message tells what to set. */}}
{{- define "aegis.validate" -}}
{{- $s := .Values.secrets -}}
{{- $b := .Values.bundled -}}
{{- if $s.existingSecret -}}
  {{- if or $s.databaseUrl $s.clickhouseUrl $s.secretKey $s.operatorKey $s.kafkaUsername $s.kafkaPassword -}}
    {{- fail "\n\nsecrets.existingSecret is set, so the other values of secrets would be ignored: put them into that Secret." -}}
  {{- end -}}
  {{- if or $b.postgres.enabled $b.clickhouse.enabled -}}
    {{- fail "\n\nA bundled PostgreSQL or ClickHouse makes its own password: leave secrets.existingSecret empty." -}}
  {{- end -}}
{{- else -}}
  {{- if not (or $s.databaseUrl $b.postgres.enabled) -}}
    {{- fail "\n\nThere is no PostgreSQL: set secrets.existingSecret, or secrets.databaseUrl, or, for trying, bundled.postgres.enabled." -}}
  {{- end -}}
  {{- if not (or $s.clickhouseUrl $b.clickhouse.enabled) -}}
    {{- fail "\n\nThere is no ClickHouse: set secrets.existingSecret, or secrets.clickhouseUrl, or, for trying, bundled.clickhouse.enabled." -}}
  {{- end -}}
  {{- if not (or $s.secretKey $b.postgres.enabled) -}}
    {{- fail "\n\nThere is no key to encrypt secrets with: set secrets.existingSecret, or secrets.secretKey (openssl rand -base64 32)." -}}
  {{- end -}}
  {{- if ne (empty $s.kafkaUsername) (empty $s.kafkaPassword) -}}
    {{- fail "\n\nsecrets.kafkaUsername and secrets.kafkaPassword go together." -}}
  {{- end -}}
{{- end -}}
{{- if and (eq .Values.bus.kind "kafka") (not .Values.bus.kafka.brokers) (not $b.kafka.enabled) -}}
  {{- fail "\n\nThere is no Kafka: set bus.kafka.brokers, or bus.kind=postgres, or, for trying, bundled.kafka.enabled." -}}
{{- end -}}
{{- if eq .Values.grpc.tls.mode "existingSecrets" -}}
  {{- range $component, $name := .Values.grpc.tls.existingSecrets -}}
    {{- if not $name -}}{{- fail (printf "\n\ngrpc.tls.existingSecrets.%s is empty: with grpc.tls.mode=existingSecrets every service needs its Secret." $component) -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.oidc.issuer (not (and .Values.oidc.audience .Values.oidc.organizationId)) -}}
  {{- fail "\n\noidc.issuer needs oidc.audience and oidc.organizationId." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
  {{- fail "\n\ningress.enabled needs ingress.hosts, such as [api.example.com]." -}}
{{- end -}}
{{- range $component := list "gateway" "policy" "approval" "audit" "analytics" -}}
  {{- $service := index $.Values $component -}}
  {{- range $name := list "autoscaling" "keda" -}}
    {{- $scale := index $service $name -}}
    {{- if and $scale.enabled (gt (int $scale.minReplicas) (int $scale.maxReplicas)) -}}
      {{- fail (printf "\n\n%s.%s.minReplicas (%v) is above maxReplicas (%v)." $component $name $scale.minReplicas $scale.maxReplicas) -}}
    {{- end -}}
  {{- end -}}
  {{- if and $service.keda.enabled (ne $.Values.bus.kind "kafka") -}}
    {{- fail (printf "\n\n%s.keda scales by the lag in Kafka: it needs bus.kind=kafka." $component) -}}
  {{- end -}}
{{- end -}}
{{- end -}}
