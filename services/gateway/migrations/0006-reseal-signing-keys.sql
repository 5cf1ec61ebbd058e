-- What an earlier AEGIS_SECRET_KEY sealed is sealed again under the present one.
GRANT UPDATE (private_key) ON signing_keys TO aegis_gateway;
