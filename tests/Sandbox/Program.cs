using Sandbox;
using Sandbox.Halaxy;

var options = SandboxOptions.Parse(args);
await using var app = SandboxHost.Build(options);
await app.StartAsync();
var address = SandboxHost.Address(app);
if (options.IsAlone)
{
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
    return 0;
}

try
{
    await using var product = await Product.StartAsync(address, options, Console.Out);
    using var http = new HttpClient { BaseAddress = new Uri(address) };
    var (clientId, clientSecret) = await new HalaxyDemo(http).MakeAsync(product.Practitioners);
    Console.WriteLine($"""

        Both sides are here:

        1. The practice:        {product.Address}/    sign in with  {product.Login}  and  {product.PagePassword}
        2. Connect an account:  {product.Address}/settings/integrations/add
                                choose Google or Outlook.com, make an account with any address when it asks, leave the box ticked, allow it
        3. The other side:      {address}/
                                what the person there sees, and what they can do to it
        4. Or connect Halaxy:   {product.Address}/settings/integrations/halaxy    sign in with  {product.AdministratorLogin}  and  {product.AdministratorPassword}
                                client id  {clientId}
                                client secret  {clientSecret}
                                the practice's own pages there are {address}/halaxy

        What you change on one side is on the other within seconds. The practice begins anew with each start; the accounts are kept in
        {options.Data}. With --alone only the other side is started. Ctrl+C ends both.
        """);
    await Task.WhenAny(app.WaitForShutdownAsync(), product.Ended);
    return 0;
}
catch (InvalidOperationException failed)
{
    await Console.Error.WriteLineAsync(failed.Message);
    return 1;
}
