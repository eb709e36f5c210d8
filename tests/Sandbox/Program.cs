using Sandbox;

var options = SandboxOptions.Parse(args);
await using var app = SandboxHost.Build(options);
await app.StartAsync();
var address = SandboxHost.Address(app);
Console.WriteLine($"""
    The sandbox serves on {address}

    See the calendars, and act as the person who has them:  {address}/
    Google Calendar API:   {address}/calendar/v3
    Google sign-in:        {address}/o/oauth2/v2/auth   token {address}/token   revoke {address}/revoke
    Microsoft Graph:       {address}/v1.0
    Microsoft sign-in:     {address}/common/oauth2/v2.0/authorize   token {address}/common/oauth2/v2.0/token
    Client id and secret:  {options.ClientId}   {options.ClientSecret}
    Kept in:               {options.Data}

    tests/Sandbox/README.md says what it imitates, from which source, and what it does not. Ctrl+C ends it.
    """);
await app.WaitForShutdownAsync();
