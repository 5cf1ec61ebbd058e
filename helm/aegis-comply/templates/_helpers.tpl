{{- define "aegis.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The prefix of every name: the release, and the chart unless the release is called so. */}}
{{- define "aegis.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "aegis.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "aegis.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "aegis.instanceLabels" -}}
app.kubernetes.io/name: {{ include "aegis.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* {root, component}: what selects the pods of one component, and never changes. */}}
{{- define "aegis.selectorLabels" -}}
{{ include "aegis.instanceLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* {root, component}: labels of an object. */}}
{{- define "aegis.labels" -}}
{{ include "aegis.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: aegis-comply
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* {root, component}: an image of ours. */}}
{{- define "aegis.image" -}}
{{- $image := .root.Values.image -}}
{{- $own := dict -}}
{{- if hasKey .root.Values .component -}}{{- $own = (index .root.Values .component).image -}}{{- end -}}
{{- $name := printf "%s/%s/%s" $image.registry $image.repository .component -}}
{{- if $own.digest -}}
{{- printf "%s@%s" $name $own.digest -}}
{{- else -}}
{{- printf "%s:%s" $name ($own.tag | default $image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "aegis.anyBundled" -}}
{{- $b := .Values.bundled -}}
{{- if or $b.postgres.enabled $b.kafka.enabled $b.clickhouse.enabled -}}true{{- end -}}
{{- end -}}

{{/* A hook runs before there is a bundled store to migrate. */}}
{{- define "aegis.migrationHook" -}}
{{- if and .Values.migrations.hook (not (include "aegis.anyBundled" .)) -}}true{{- end -}}
{{- end -}}

{{- define "aegis.secretName" -}}
{{- .Values.secrets.existingSecret | default (include "aegis.fullname" .) -}}
{{- end -}}

{{- define "aegis.usesSasl" -}}
{{- if and (eq .Values.bus.kind "kafka") (or .Values.secrets.kafkaUsername .Values.secrets.existingSecret) -}}true{{- end -}}
{{- end -}}

{{- define "aegis.kafkaBrokers" -}}
{{- if .Values.bundled.kafka.enabled -}}
{{- printf "%s-kafka:9092" (include "aegis.fullname" .) -}}
{{- else -}}
{{- join "," .Values.bus.kafka.brokers -}}
{{- end -}}
{{- end -}}

{{/* gRPC port of a component. */}}
{{- define "aegis.grpcPort" -}}
{{- index (dict "gateway" "50055" "policy" "50051" "approval" "50052" "audit" "50053" "analytics" "50054") . -}}
{{- end -}}

{{/* {root, component}: the name that gRPC reaches a component by. The gateway's own Service may be open to the world. */}}
{{- define "aegis.grpcName" -}}
{{- printf "%s-%s%s" (include "aegis.fullname" .root) .component (ternary "-grpc" "" (eq .component "gateway")) -}}
{{- end -}}

{{/* {root, component} */}}
{{- define "aegis.tlsSecretName" -}}
{{- $tls := .root.Values.grpc.tls -}}
{{- if eq $tls.mode "existingSecrets" -}}
{{- index $tls.existingSecrets .component -}}
{{- else -}}
{{- printf "%s-%s-tls" (include "aegis.fullname" .root) .component -}}
{{- end -}}
{{- end -}}

{{- define "aegis.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "aegis.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* {secret, keys, optional}: variables out of a Secret. */}}
{{- define "aegis.secretEnv" -}}
{{- $secret := .secret -}}
{{- $optional := .optional | default list -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ . }}
      {{- if has . $optional }}
      optional: true
      {{- end }}
{{- end }}
{{- end -}}

{{/* {root, component}: where and beside whom a pod runs. */}}
{{- define "aegis.scheduling" -}}
{{- $defaults := .root.Values.podDefaults -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $defaults.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $defaults.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $defaults.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Name and labels for a pod of ours: {root, component}. */}}
{{- define "aegis.podLabels" -}}
{{ include "aegis.labels" . }}
{{- with .root.Values.podDefaults.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* {port, to}: egress to something outside the release. */}}
{{- define "aegis.outsideEgress" -}}
- ports: [{ port: {{ .port }} }]
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* {root, store}: egress to a store, the bundled one where there is one. */}}
{{- define "aegis.storeEgress" -}}
{{- if (index .root.Values.bundled .store).enabled -}}
- ports: [{ port: {{ index (dict "postgres" 5432 "kafka" 9092 "clickhouse" 8123) .store }} }]
  to:
    - podSelector:
        matchLabels: {{- include "aegis.selectorLabels" (dict "root" .root "component" .store) | nindent 10 }}
{{- else -}}
{{- include "aegis.outsideEgress" (index .root.Values.networkPolicy .store) -}}
{{- end -}}
{{- end -}}
