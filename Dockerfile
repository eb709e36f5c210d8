# docker build -t calendarsync . && docker run -p 8008:8008 -v calendarsync:/data calendarsync
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# the project files first: a change to the code alone does not restore again
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Calendaring/Calendaring.csproj src/Calendaring/packages.lock.json src/Calendaring/
COPY src/Practice/Practice.csproj src/Practice/packages.lock.json src/Practice/
COPY src/ProviderBridge/ProviderBridge.csproj src/ProviderBridge/packages.lock.json src/ProviderBridge/
COPY src/CalDavServer/CalDavServer.csproj src/CalDavServer/packages.lock.json src/CalDavServer/
RUN dotnet restore --locked-mode src/CalDavServer
COPY src src
COPY THIRD-PARTY-NOTICES.md ./
RUN dotnet publish --no-restore -c Release -o /app src/CalDavServer

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# the image's own unprivileged user; a named volume takes this folder's owner
RUN mkdir /data && chown "$APP_UID:$APP_UID" /data
USER $APP_UID
VOLUME /data
EXPOSE 8008
# the server's own probe: the image has no curl
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["dotnet", "CalDavServer.dll", "health", "--url", "http://127.0.0.1:8008"]
ENTRYPOINT ["dotnet", "CalDavServer.dll"]
CMD ["serve", "--data", "/data", "--urls", "http://0.0.0.0:8008", "--no-demo"]
