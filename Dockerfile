# The same program as on a laptop; broker and store come from docker-compose.yml.
FROM node:20-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && chown -R node:node /app
USER node
EXPOSE 4000 4001 4002
# node is started directly so that it receives SIGTERM itself.
CMD ["node", "scripts/start.mjs", "--host", "0.0.0.0", "--no-open"]
