using CalDavServer.Links;
using CalDavServer.Web.Devices;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>An account at a provider: where its connection is set up as soon as the server can connect to it. Until then, what works instead.</summary>
internal sealed class AddAccountModel(Billing billing, Providers providers) : ConnectPage(billing)
{
    [FromRoute]
    public string Service { get; set; } = "";

    public string Name => Service switch
    {
        "google" => "Google",
        "outlook" => "Outlook.com",
        "office365" => "Office 365",
        _ => "Exchange",
    };

    /// <summary>The account in a sentence.</summary>
    public string Account => Service switch
    {
        "exchange" => "an Exchange account",
        "office365" => $"an {Name} account",
        "outlook" => "an Outlook.com account",
        _ => $"a {Name} account",
    };

    /// <summary>Where the server would have to be registered; null where that is not what is missing.</summary>
    public string? Registrar => Service switch
    {
        "google" => "Google",
        "outlook" or "office365" => "Microsoft",
        _ => null,
    };

    public IActionResult OnGet() =>
        Services.All(providers).FirstOrDefault(service => service.Way == Service)?.Provider is { } id && providers.Find(id) is { } provider ? LocalRedirect(provider.ConnectPath) : Page();
}
