using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CalDavServer.Web;

/// <summary>
/// Every <c>form</c> of a page, in place of the framework's tag helper: that one leaves the antiforgery token out where the form has an <c>action</c>,
/// and the browser is then answered 400. Here whatever is posted has its token, and what is not posted has none in its address.
/// </summary>
[HtmlTargetElement("form")]
public sealed class PostForm(IHtmlGenerator generator) : FormTagHelper(generator)
{
    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        Antiforgery = string.Equals(Method, "post", StringComparison.OrdinalIgnoreCase);
        base.Process(context, output);
    }
}
